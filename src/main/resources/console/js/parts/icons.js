import { html } from '../lib.js';

const SHAPES = {
  map: 'M4 12h4m0 0 5-6h3m-8 6 5 6h3M4 12m-1.5 0a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M18 6m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M18 18m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0',
  routes: 'M5 4v6a4 4 0 0 0 4 4h10m-4-4 4 4-4 4M5 20v-3',
  limits: 'M4 17a8 8 0 1 1 16 0M12 17l4-6M8 20h8',
  orders: 'M4 8 12 4l8 4v8l-8 4-8-4V8m0 0 8 4 8-4m-8 4v8',
  config: 'M5 7h8m4 0h2M15 7m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M5 12h2m4 0h8M9 12m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M5 17h8m4 0h2M15 17m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0',
  explain: 'M9.5 9a2.5 2.5 0 1 1 3.6 2.2c-.8.5-1.1 1-1.1 1.8m0 3v.2M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18',
  events: 'M5 6h14M5 10h9M5 14h14M5 18h6',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 1 0 0-8M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4',
  moon: 'M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z',
  auto: 'M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 3v18M12 7h6M12 11h8.5M12 15h7.5',
  help: 'M8 5H5v3m11-3h3v3M8 19H5v-3m11 3h3v-3M10 10a2 2 0 1 1 2.8 1.9c-.5.3-.8.6-.8 1.3m0 2v.1',
  out: 'M14 5h4a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-4M10 8l-4 4 4 4m-4-4h9',
  check: 'M5 12.5 10 17l9-10',
  cross: 'M6 6l12 12M18 6 6 18',
  warn: 'M12 4 3 20h18L12 4m0 6v5m0 2v.2',
};

/** A drawing beside a word; it says nothing of its own. */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${SHAPES[name]} /></svg>`;
}
