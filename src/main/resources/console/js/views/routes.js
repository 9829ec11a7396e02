import { html, useState } from '../lib.js';
import { get } from '../api.js';
import { compact, millis, percent, plural, rate, words } from '../format.js';
import { rove } from '../keys.js';
import { Badge, Card, Empty, Failure, useData, Waiting } from '../parts/basics.js';
import { policies } from '../policies.js';
import { go, link } from '../route.js';

const EVERY_MILLIS = 3000;

export function RoutesView({ rest: [name] }) {
  const { data, failure, reload } = useData(() => get('/api/admin/routes'), [], EVERY_MILLIS);
  const [text, setText] = useState('');
  const routes = data?.routes || [];
  const wanted = text.toLowerCase();
  const shown = routes.filter((r) => !wanted || `${r.name} ${r.path} ${r.destinations.map((d) => d.target)}`.toLowerCase().includes(wanted));
  const chosen = routes.find((r) => r.name === name);
  return html`<h1>Routes</h1>
    <p class="lead">What the gateway lets through, and what each policy does right now. The longest path wins.</p>
    ${failure && html`<${Failure} failure=${failure} retry=${reload} />`}
    ${!data && !failure && html`<${Waiting} lines=${6} />`}
    ${data && html`<div class=${chosen ? 'pair list-detail' : ''}>
      <${Card}>
        <div class="filters"><label>Contains <input type="search" data-filter value=${text} onInput=${(e) => setText(e.target.value)} /></label>
          <span class="fine" role="status">${plural(shown.length, 'route')}</span></div>
        ${shown.length ? html`<${RouteTable} routes=${shown} chosen=${chosen} />`
          : html`<${Empty} title=${routes.length ? 'No route fits' : 'No route'}>${routes.length ? 'Use fewer letters.' : 'Add one to conf/routes.yaml.'}<//>`}
      <//>
      ${chosen && html`<${RouteCard} route=${chosen} />`}
    </div>`}`;
}

function RouteTable({ routes, chosen }) {
  return html`<div class="scroll"><table class="rows" onKeyDown=${rove}>
    <thead><tr><th>Route</th><th class="more">Path</th><th class="more">Leads to</th><th>Now</th><th class="n">Rate</th><th class="n more">99 %</th></tr></thead>
    <tbody>${routes.map((r) => html`<tr key=${r.name} class=${r === chosen ? 'on' : ''}>
      <th scope="row"><a href=${link('routes', r.name)} data-rove aria-current=${r === chosen ? 'true' : undefined}>${r.name}</a>
        ${r.generic && html` <span class="fine">from the catalog</span>`}</th>
      <td class="more path"><code>${r.path}</code></td>
      <td class="more">${r.destinations.map((d) => html`<div key=${d.target}>${d.target} <span class="fine">${d.service ? plural(d.instances, 'instance') : ''}${d.left_out ? `, ${d.left_out} left out` : ''}</span></div>`)}</td>
      <td><${NowBadge} route=${r} /></td>
      <td class="n">${rate(r.traffic?.rate)}</td>
      <td class="n more">${millis(r.traffic?.p99_ms)}</td>
    </tr>`)}</tbody></table></div>`;
}

function NowBadge({ route }) {
  if (route.guard && route.guard.state !== 'closed') {
    return html`<${Badge} state=${route.guard.state}>breaker ${words(route.guard.state)}<//>`;
  }
  if (route.destinations.every((d) => d.instances - d.left_out <= 0)) {
    return html`<${Badge} tone="bad">no instance<//>`;
  }
  if (route.traffic?.errors > 0.01) {
    return html`<${Badge} tone="warn">${percent(route.traffic.errors)} errors<//>`;
  }
  return html`<${Badge} tone="ok">passes<//>`;
}

function RouteCard({ route }) {
  return html`<${Card} title=${route.name} aside=${html`<button type="button" class="quiet" onClick=${() => go('routes')}>Close</button>`}>
    <p><code>${route.path}</code> ${route.methods.length === 0 || route.generic ? html`<span class="fine">any method</span>` : route.methods.map((m) => html`<span key=${m} class="chip">${m}</span>`)}</p>
    ${route.traffic && html`<p class="facts"><span><b>${rate(route.traffic.rate)}</b></span><span><b>${percent(route.traffic.errors)}</b> errors</span>
      <span>half within <b>${millis(route.traffic.p50_ms)}</b></span><span>99 % within <b>${millis(route.traffic.p99_ms)}</b></span>
      <span>refused by limit <b>${compact(route.refused)}</b></span></p>`}
    <dl class="policies">${policies(route).map((p) => html`<div key=${p.name} class=${p.tone || ''}>
      <dt>${p.name}</dt><dd>${p.rule}${p.now && html`<span class="now">${p.now}</span>`}</dd></div>`)}</dl>
    <p><a href=${link('explain', route.path.replace('*', ''))}>Explain a request to it</a></p>
  <//>`;
}
