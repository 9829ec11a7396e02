import { html, useState } from '../lib.js';
import { compact, millis, percent, plural, rate, seconds, words } from '../format.js';
import { changes, history, traffic } from '../live.js';
import { Badge, Card, Empty, useNow, Waiting } from '../parts/basics.js';
import { ChangeList } from '../parts/changes.js';
import { breakerOf, titleOf, TrafficMap } from '../parts/map.js';
import { Spark, TimePlot } from '../parts/plot.js';
import { link } from '../route.js';
import { useStore } from '../store.js';

const RECENT = 6;

export function MapView() {
  const map = useStore(traffic);
  const [selected, setSelected] = useState(null);
  const toggle = (name) => setSelected(name === selected ? null : name);
  if (!map) {
    return html`<h1>Live map</h1><${Waiting} lines=${6} />`;
  }
  const service = map.services.find((s) => s.name === selected);
  return html`<h1>Live map</h1>
    <${Figures} map=${map} />
    <${Card} title="Where requests go" aside=${html`<span class="fine">in the last 10 to 15 seconds</span>`}>
      ${map.services.length
        ? html`<${TrafficMap} map=${map} selected=${selected} onSelect=${toggle} />`
        : html`<${Empty} title="No service yet">No registry lists one and no route leads to an address.<//>`}
    <//>
    ${service && html`<${ServiceCard} service=${service} onClose=${() => setSelected(null)} />`}
    <div class="pair">
      <${Plots} />
      <${Recent} />
    </div>`;
}

function Figures({ map }) {
  const past = useStore(history);
  const open = map.services.filter((s) => breakerOf(s) !== 'closed');
  const down = map.services.flatMap((s) => s.instances).filter((i) => ['ejected', 'unhealthy'].includes(i.state));
  const all = map.gateway;
  return html`<dl class="figures">
    <${Figure} name="Requests" value=${rate(all.rate)} values=${past.map((p) => p.rate)} />
    <${Figure} name="Server errors" value=${percent(all.errors)} tone=${all.errors > 0.01 ? 'bad' : 'accent'} values=${past.map((p) => p.errors)} />
    <${Figure} name="Half within" value=${millis(all.p50_ms)} values=${past.map((p) => p.p50_ms)} />
    <${Figure} name="99 % within" value=${millis(all.p99_ms)} values=${past.map((p) => p.p99_ms)} />
    <${Figure} name="Breakers open" value=${open.length} tone=${open.length ? 'bad' : 'ok'}
      note=${open.length ? open.map(titleOf).join(', ') : 'all closed'} />
    <${Figure} name="Instances out" value=${down.length} tone=${down.length ? 'bad' : 'ok'}
      note=${`${plural(map.services.flatMap((s) => s.instances).length, 'instance')} known`} />
  </dl>`;
}

function Figure({ name, value, values, note, tone = 'accent' }) {
  return html`<div class="figure tone-${tone}"><dt>${name}</dt><dd class="value">${value}</dd>
    <dd class="trend">${values ? html`<${Spark} values=${values} tone=${tone} label="${name} of the last five minutes" />` : html`<span class="fine">${note}</span>`}</dd>
  </div>`;
}

function Plots() {
  const past = useStore(history);
  const times = past.map((p) => p.at);
  return html`<${Card} title="Last five minutes">
    <${TimePlot} title="Requests a second" times=${times} format=${(v) => (v < 10 ? String(Math.round(v * 10) / 10) : compact(v))} series=${[
      { name: 'all', tone: 'accent', values: past.map((p) => p.rate) },
      { name: 'server errors', tone: 'bad', values: past.map((p) => p.rate * p.errors) }]} />
    <${TimePlot} title="Time to answer" times=${times} format=${(v) => (v ? millis(v) : '0')} series=${[
      { name: '99 %', tone: 'second', values: past.map((p) => p.p99_ms) },
      { name: 'half', tone: 'accent', values: past.map((p) => p.p50_ms) }]} />
  <//>`;
}

function Recent() {
  const items = useStore(changes).slice(0, RECENT);
  return html`<${Card} title="What just changed" aside=${html`<a href=${link('events')}>All changes</a>`}>
    ${items.length ? html`<${ChangeList} items=${items} />` : html`<${Empty} title="Nothing has changed yet" />`}
  <//>`;
}

function ServiceCard({ service, onClose }) {
  const guard = service.guard;
  const now = useNow();
  const close = html`<button type="button" class="quiet" onClick=${onClose}>Close</button>`;
  return html`<${Card} title=${titleOf(service)} aside=${close}>
    <p class="facts">
      <span>Breaker <${Badge} state=${breakerOf(service)} /> ${guard && html`<span class="fine">for ${seconds((now - Date.parse(guard.since)) / 1000)}${guard.open_for_ms > 0 ? `, tries again in ${seconds(guard.open_for_ms / 1000)}` : ''}</span>`}</span>
      ${guard && html`<span>Places <b>${guard.running}</b> of ${guard.limit}, <b>${guard.waiting}</b> waiting</span>
        <span>Retries left <b>${guard.retry_budget}</b></span>
        <span>Refused <b>${compact(guard.refused)}</b>, turned away <b>${compact(guard.overloaded)}</b></span>`}
      ${service.routes.length > 0 && html`<span>Routes ${service.routes.map((r) => html`<a key=${r} href=${link('routes', r)}>${r}</a> `)}</span>`}
    </p>
    ${service.instances.length === 0 ? html`<${Empty} title="No instance">Requests for it are answered 503.<//>`
      : html`<div class="scroll"><table><thead><tr><th>Instance</th><th>State</th><th class="n">Rate</th><th class="n more">Errors</th><th class="n more">Half within</th><th class="n">99 % within</th><th class="n more">In flight</th></tr></thead>
      <tbody>${service.instances.map((i) => html`<tr key=${i.id}>
        <th scope="row" class="path"><code>${i.host}:${i.port}</code></th>
        <td><${Badge} state=${i.state} />${i.ejected_until && html` <span class="fine">for ${seconds((Date.parse(i.ejected_until) - now) / 1000)} more</span>`}${i.last_failure && html` <span class="fine">last failure: ${words(i.last_failure)}</span>`}</td>
        <td class="n">${rate(i.rate)}</td><td class="n more">${percent(i.errors)}</td><td class="n more">${millis(i.p50_ms)}</td><td class="n">${millis(i.p99_ms)}</td><td class="n more">${i.in_flight}</td></tr>`)}
      </tbody></table></div>`}
  <//>`;
}
