import { ConfigView } from './views/config.js';
import { EventsView } from './views/events.js';
import { ExplainView } from './views/explain.js';
import { LimitsView } from './views/limits.js';
import { MapView } from './views/map.js';
import { OrdersView } from './views/orders.js';
import { RoutesView } from './views/routes.js';

/** All views, in the order of their keys. */
export const VIEWS = [
  { name: 'map', short: 'Map', title: 'Live map', component: MapView },
  { name: 'routes', short: 'Routes', title: 'Routes', component: RoutesView },
  { name: 'limits', short: 'Limits', title: 'Limits', component: LimitsView },
  { name: 'orders', short: 'Orders', title: 'Orders', component: OrdersView },
  { name: 'config', short: 'Config', title: 'Configuration', component: ConfigView },
  { name: 'explain', short: 'Explain', title: 'Explain a request', component: ExplainView },
  { name: 'events', short: 'Log', title: 'Changes of state', component: EventsView },
];
