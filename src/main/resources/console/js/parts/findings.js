import { html } from '../lib.js';

/** What is wrong with files, each at its place; nothing where nothing is. */
export function Findings({ title, tone, items }) {
  if (items.length === 0) {
    return null;
  }
  return html`<h3>${title} <span class="fine">${items.length}</span></h3>
    <ul class="findings ${tone}">${items.map((e, i) => html`<li key=${i}><code>${e.file}${e.line ? `:${e.line}` : ''}</code> ${e.path && html`<b>${e.path}</b>`} <span>${e.text}</span></li>`)}</ul>`;
}
