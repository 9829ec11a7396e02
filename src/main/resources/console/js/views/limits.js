import { html } from '../lib.js';
import { get } from '../api.js';
import { compact, plural, seconds } from '../format.js';
import { Badge, Card, Empty, Failure, useData, Waiting } from '../parts/basics.js';

const EVERY_MILLIS = 3000;

export function LimitsView() {
  const { data, failure, reload } = useData(() => get('/api/admin/limits'), [], EVERY_MILLIS);
  return html`<h1>Limits</h1>
    <p class="lead">How much each caller may do, what was refused since the start, and who is closest to the edge.</p>
    ${failure && html`<${Failure} failure=${failure} retry=${reload} />`}
    ${!data && !failure && html`<${Waiting} lines=${6} />`}
    ${data && html`<div class="pair">
      <${Card} title="Limits" aside=${html`<${Where} data=${data} />`}><${LimitTable} limits=${data.limits} /><//>
      <${Card} title="Closest to a limit" aside=${html`<span class="fine">${compact(data.keys)} counted</span>`}><${Near} near=${data.near} /><//>
    </div>`}`;
}

function Where({ data }) {
  if (data.redis_away) {
    return html`<${Badge} tone="warn">Redis is away: each process counts alone<//>`;
  }
  return html`<span class="fine">${data.counted_by === 'all' ? 'counted together, in Redis' : 'counted by this process'}</span>`;
}

function LimitTable({ limits }) {
  return html`<div class="scroll"><table><thead><tr><th>What</th><th>Allowed</th><th class="n more">At once</th><th class="n more">Passed</th><th class="n">Refused</th></tr></thead>
    <tbody>${limits.map((l) => html`<tr key=${l.scope}><th scope="row">${l.scope.replace('route:', '')}</th>
      <td class="path">${compact(l.count)} in ${seconds(l.period_s)}</td><td class="n more">${compact(l.burst)}</td>
      <td class="n more">${compact(l.let_pass)}</td><td class="n">${l.refused ? html`<b class="tone-warn">${compact(l.refused)}</b>` : '0'}</td></tr>`)}
    </tbody></table></div>`;
}

function Near({ near }) {
  if (near.length === 0) {
    return html`<${Empty} title="Nobody is near a limit">Whoever used some of theirs lately is listed here.<//>`;
  }
  return html`<ul class="near">${near.map((n) => {
    const used = 1 - n.left / n.burst;
    const tone = n.left === 0 ? 'bad' : used > 0.8 ? 'warn' : 'accent';
    return html`<li key=${n.scope + n.subject}>
      <div><strong>${n.scope.replace('route:', '')}</strong> <code>${n.subject.replace(/^(user|address):/, '')}</code></div>
      <meter class="tone-${tone}" min="0" max=${n.burst} value=${n.burst - n.left} aria-label="Used of ${n.burst}"></meter>
      <div class="fine">${n.left === 0 ? 'nothing left' : `${compact(n.left)} of ${compact(n.burst)} left`}, whole again in ${seconds(n.whole_in_s)}</div>
    </li>`;
  })}</ul>${near.length >= 50 && html`<p class="fine">The first ${plural(near.length, 'key')} are shown.</p>`}`;
}
