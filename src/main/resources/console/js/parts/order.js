import { html, useState } from '../lib.js';
import { get, post } from '../api.js';
import { ago, moment, money, words } from '../format.js';
import { go } from '../route.js';
import { Badge, Card, Failure, useData, useNow, Waiting } from './basics.js';
import { Confirm } from './dialog.js';

const EVERY_MILLIS = 5000;
const STEPS = {
  reserve: 'hold the stock', commit: 'make the hold final', refund: 'give the money back', release: 'give the stock back',
};

/** One order: what was bought, where its saga stands, and all that happened to it. */
export function OrderCard({ id, service, onChanged }) {
  const path = `${service}/${encodeURIComponent(id)}`;
  const { data, failure, reload } = useData(
    async () => {
      const [order, line] = await Promise.all([get(path), get(`${path}/timeline`)]);
      return { order, line };
    }, [path], EVERY_MILLIS);
  const close = html`<button type="button" class="quiet" onClick=${() => go('orders')}>Close</button>`;
  const changed = () => {
    reload();
    onChanged();
  };
  return html`<${Card} title=${`Order ${id.slice(-8)}`} aside=${close}>
    ${failure && html`<${Failure} failure=${failure} retry=${reload} />`}
    ${!data && !failure && html`<${Waiting} />`}
    ${data && html`<${Facts} order=${data.order} />
      <${Saga} saga=${data.line.saga} path=${path} onChanged=${changed} />
      <h3>Time line</h3>
      <${TimeLine} items=${data.line.items} />`}
  <//>`;
}

function Facts({ order }) {
  return html`<p class="facts"><span><${Badge} state=${order.status} /></span><span><b>${money(order.total_amount, order.currency)}</b></span>
      <span>placed ${moment(order.created_at)}</span>${order.expires_at && html`<span>payable until ${moment(order.expires_at)}</span>`}</p>
    <ul class="plain">${order.items.map((i) => html`<li key=${i.product_id}>${i.quantity} × ${i.name} <span class="fine">at ${money(i.unit_price, order.currency)}</span></li>`)}</ul>
    <p class="fine">Order <code>${order.order_id}</code><br />User <code>${order.user_id}</code>${order.payment_id && html`<br />Payment <code>${order.payment_id}</code>`}</p>`;
}

function Saga({ saga, path, onChanged }) {
  const [asked, setAsked] = useState('');
  const [failure, setFailure] = useState(null);
  const amid = saga.state === 'needs_attention' || saga.state === 'running';
  const act = async () => {
    const call = asked;
    setAsked('');
    try {
      await post(`${path}/saga/${call}`);
      setFailure(null);
    } catch (problem) {
      setFailure(problem);
    }
    onChanged();
  };
  return html`<div class="saga ${saga.state === 'needs_attention' ? 'bad' : ''}">
    <p><b>Saga</b> <${Badge} state=${saga.state} />
      ${saga.step && html` step <b>${saga.step}</b> <span class="fine">(${STEPS[saga.step]})</span>, attempt ${saga.attempts}`}
      ${saga.due && !saga.reason && html` <span class="fine">taken up again at ${moment(saga.due)} at the latest</span>`}</p>
    ${saga.reason && html`<p>${saga.reason}</p>`}
    ${saga.key && html`<p class="fine">Key <code>${saga.key}</code></p>`}
    ${failure && html`<${Failure} failure=${failure} />`}
    ${amid && html`<div class="row"><button type="button" class="primary" onClick=${() => setAsked('resume')}>Resume</button>
      <button type="button" onClick=${() => setAsked('compensate')}>Call off and undo</button></div>`}
    ${asked === 'resume' && html`<${Confirm} title="Resume the saga" action="Resume" onYes=${act} onNo=${() => setAsked('')}>
      <p>The step is tried again now, with all its attempts. Safe at any moment: each step has its effect once.</p><//>`}
    ${asked === 'compensate' && html`<${Confirm} title="Call off the order" action="Call off" danger onYes=${act} onNo=${() => setAsked('')}>
      <p>The order becomes cancelled, its stock goes back and a payment that was coming in is given back.</p><//>`}
  </div>`;
}

function TimeLine({ items }) {
  const now = useNow(5000);
  return html`<ol class="time-line">${items.map((e, i) => html`<li key=${i} class=${phaseTone(e)}>
    <time datetime=${e.at} title=${e.at}>${moment(e.at)} <span class="fine">${ago(e.at, now)}</span></time>
    <div><strong>${words(e.event)}</strong> <span class="fine">${words(e.status)}</span>
      ${e.step && html`<div class="step"><${Badge} state=${e.step.phase} /> ${e.step.name}, attempt ${e.step.attempt} <code class="fine">${e.step.key}</code></div>`}
      ${e.detail && html`<div>${e.detail}</div>`}
      <div class="fine">${e.actor} · <code>${e.request_id}</code></div></div></li>`)}</ol>`;
}

function phaseTone(event) {
  if (event.event === 'needs_attention' || event.step?.phase === 'refused') {
    return 'bad';
  }
  return event.step?.phase === 'unknown' ? 'warn' : '';
}
