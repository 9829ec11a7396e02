import { html, useState } from '../lib.js';
import { changes } from '../live.js';
import { Card, Empty } from '../parts/basics.js';
import { ChangeList } from '../parts/changes.js';
import { useStore } from '../store.js';

const KINDS = ['breaker', 'instance', 'registry', 'config', 'saga', 'process'];

export function EventsView() {
  const all = useStore(changes);
  const [kind, setKind] = useState('');
  const [text, setText] = useState('');
  const wanted = text.toLowerCase();
  const shown = all.filter((c) => (!kind || c.kind === kind)
    && (!wanted || `${c.subject} ${c.detail} ${c.node} ${c.to}`.toLowerCase().includes(wanted)));
  return html`<h1>Changes of state</h1>
    <p class="lead">Breakers, instances, registries, the configuration and sagas that need somebody: the newest first.</p>
    <${Card}>
      <div class="filters">
        <label>Kind <select value=${kind} onChange=${(e) => setKind(e.target.value)}>
          <option value="">all</option>${KINDS.map((k) => html`<option key=${k} value=${k}>${k}</option>`)}</select></label>
        <label>Contains <input type="search" data-filter value=${text} onInput=${(e) => setText(e.target.value)} /></label>
        <span class="fine" role="status">${shown.length} of ${all.length}</span>
      </div>
      ${shown.length ? html`<${ChangeList} items=${shown} />`
        : html`<${Empty} title=${all.length ? 'Nothing fits' : 'Nothing has changed yet'}>
          ${all.length ? 'Take another kind or fewer words.' : 'What changes from now on is listed here at once.'}<//>`}
    <//>`;
}
