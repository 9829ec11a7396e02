import { html } from '../lib.js';
import { millis, plural, seconds, words } from '../format.js';
import { Badge, Card, Empty } from './basics.js';

const OUTCOMES = { forwarded: 'ok', answered: 'info', refused: 'bad' };
const VERDICTS = { passes: 'ok', refuses: 'bad', 'not reached': 'quiet', 'not its business': 'quiet' };

/** The answer of the gateway to what would become of a request. */
export function Explanation({ answer }) {
  const { refusal, route, upstream } = answer;
  return html`<${Card} title=${html`<code>${answer.method} ${answer.path}</code>`} aside=${html`<${Badge} tone=${OUTCOMES[answer.outcome]}>${answer.outcome}<//>`}>
      ${refusal && html`<p class="verdict"><b>${refusal.status} ${refusal.title}</b> at ${words(refusal.stage)}: ${refusal.detail}
        ${refusal.fallback && html` <span class="fine">The client gets ${refusal.fallback}.</span>`}</p>`}
      <ol class="stages">${answer.stages.map((s) => html`<li key=${s.stage} class=${VERDICTS[s.verdict]}>
        <span class="stage">${words(s.stage)}</span><${Badge} tone=${VERDICTS[s.verdict]}>${s.verdict}<//><span class="fine">${s.detail}</span></li>`)}</ol>
    <//>
    <div class="pair">
      <div>
        ${route && html`<${Card} title="Route">
          ${route.name ? html`<p><b>${route.name}</b> <code>${route.path}</code> wins: ${route.reason}. The upstream is asked for <code>${route.upstream_path}</code>.</p>` : html`<p>No route takes it.</p>`}
          ${route.others.length > 0 && html`<h3>Why the others lost</h3><ul class="plain">${route.others.map((o) => html`<li key=${o.route}><b>${o.route}</b> <code>${o.path}</code> <span class="fine">${o.reason}</span></li>`)}</ul>`}<//>`}
        ${(answer.caller || answer.limit) && html`<${Card} title="Caller">
          ${answer.caller && html`<p><b>${answer.caller.username}</b> <span class="fine">${answer.caller.roles.join(', ')}</span></p>`}
          ${answer.limit && html`<p>Limit ${answer.limit.policy}: ${answer.limit.limit}, counted by <code>${answer.limit.counts}</code>; <b>${answer.limit.left}</b> of ${answer.limit.burst} left${answer.limit.reset_s > 0 ? `, whole again in ${seconds(answer.limit.reset_s)}` : ''}.</p>`}<//>`}
      </div>
      <div>${upstream && html`<${Upstream} upstream=${upstream} />`}</div>
    </div>`;
}

function Upstream({ upstream }) {
  const { breaker, time, retry, sent } = upstream;
  return html`<${Card} title=${`Upstream ${upstream.name}`} aside=${breaker.enabled ? html`<${Badge} state=${breaker.state}>breaker ${words(breaker.state)}<//>` : html`<span class="fine">no breaker</span>`}>
    <p class="facts"><span>time-out ${seconds(time.timeout_ms / 1000)}</span><span>deadline ${seconds(time.deadline_ms / 1000)}</span>
      <span>${plural(retry.max_retries, 'retry', 'retries')}</span><span>${words(upstream.load_balancer)}</span></p>
    <h3>Instances, in the order in which they would be asked</h3>
    ${upstream.instances.length === 0 ? html`<${Empty} title="No instance" />` : html`<ol class="ranked">${upstream.instances.map((i) => html`<li key=${i.id} class=${i.candidate ? '' : 'out'}>
      <code>${i.url}</code> <span class="fine">${i.reason} · ${i.in_flight} in flight · ${millis(i.latency_ms)}</span></li>`)}</ol>`}
    ${sent && html`<h3>What it would be sent</h3><p><code>${sent.url}</code></p>
      <ul class="plain">${Object.entries(sent.set_headers).map(([name, value]) => html`<li key=${name}><code>${name}: ${value}</code></li>`)}
        ${sent.removed_headers.map((name) => html`<li key=${name} class="fine"><del>${name}</del></li>`)}</ul>`}
  <//>`;
}
