import { html, render } from './lib.js';
import { App } from './app.js';
import { start } from './live.js';

start();
render(html`<${App} />`, document.getElementById('app'));
