import { html } from '../lib.js';
import { ago, moment, words } from '../format.js';
import { Badge, useNow } from './basics.js';

/** Changes of state, one a line. */
export function ChangeList({ items }) {
  const now = useNow(5000);
  return html`<ol class="changes" aria-live="polite" aria-relevant="additions">
    ${items.map((c) => html`<li key=${c.id}>
      <time datetime=${c.at} title=${c.at}>${moment(c.at)}<span class="fine"> · ${ago(c.at, now)}</span></time>
      <span class="kind">${c.kind}</span>
      <strong class="subject">${c.subject}</strong>
      <span class="turn">${c.from && html`<span class="fine">${words(c.from)} →</span> `}
        ${c.to ? html`<${Badge} state=${c.to} />` : html`<${Badge} tone="quiet">gone<//>`}</span>
      <span class="fine detail">${c.detail}${c.detail && ' · '}${c.node}</span>
    </li>`)}
  </ol>`;
}
