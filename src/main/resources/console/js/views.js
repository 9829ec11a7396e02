import { EventsView } from './views/events.js';
import { MapView } from './views/map.js';

/** All views, in the order of their keys. */
export const VIEWS = [
  { name: 'map', short: 'Map', title: 'Live map', component: MapView },
  { name: 'events', short: 'Log', title: 'Changes of state', component: EventsView },
];
