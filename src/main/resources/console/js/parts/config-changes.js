import { html } from '../lib.js';
import { plural } from '../format.js';
import { Empty } from './basics.js';

/** What differs between two configurations, key by key. */
export function Changes({ changes, leftOff }) {
  if (changes.length === 0) {
    return html`<${Empty} title="No difference" />`;
  }
  return html`<ul class="diff">${changes.map((c) => html`<li key=${c.path}><code class="path">${c.path}</code>
      ${c.before !== null && html`<del>${shown(c.before)}</del>`}${c.after !== null && html`<ins>${shown(c.after)}</ins>`}</li>`)}</ul>
    ${leftOff > 0 && html`<p class="fine">and ${plural(leftOff, 'more change')}</p>`}`;
}

function shown(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
