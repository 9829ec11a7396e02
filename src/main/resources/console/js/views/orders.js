import { html, useState } from '../lib.js';
import { get, Problem } from '../api.js';
import { moment, money, plural, shortId } from '../format.js';
import { rove } from '../keys.js';
import { Badge, Card, Empty, Failure, useData, Waiting } from '../parts/basics.js';
import { OrderCard } from '../parts/order.js';
import { go, link } from '../route.js';

// By its name in the catalog: there whatever routes are configured.
const SERVICE = '/api/order-service/orders';
const EVERY_MILLIS = 10_000;
const FILTERS = [
  ['', 'all'], ['saga:needs_attention', 'need attention'], ['saga:running', 'amid a step'],
  ['pending', 'pending'], ['reserved', 'reserved'], ['paid', 'paid'], ['shipped', 'shipped'],
  ['delivered', 'delivered'], ['cancelled', 'cancelled'],
];

export function OrdersView({ rest: [id] }) {
  const [filter, setFilter] = useState('');
  const [pages, setPages] = useState(1);
  const { data, failure, reload } = useData(() => load(filter, pages), [filter, pages], EVERY_MILLIS);
  const counts = useData(() => get(`${SERVICE}/sagas?limit=1`), [], EVERY_MILLIS);
  const choose = (value) => {
    setFilter(value);
    setPages(1);
  };
  return html`<h1>Orders</h1>
    <p class="lead">What was ordered, how far it has come, and every step that was taken for it.</p>
    <${Counts} counts=${counts.data} onChoose=${choose} />
    ${failure && html`<${Away} failure=${failure} retry=${reload} />`}
    <div class=${id ? 'pair list-detail' : ''}>
      <${Card}>
        <div class="filters">
          <label>Show <select value=${filter} onChange=${(e) => choose(e.target.value)}>
            ${FILTERS.map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`)}</select></label>
          <${Find} />
        </div>
        ${!data && !failure && html`<${Waiting} />`}
        ${data && (data.items.length ? html`<${OrderTable} items=${data.items} chosen=${id} />`
          : html`<${Empty} title="No such order">${filter ? 'None is in this state now.' : 'Nobody has ordered anything yet.'}<//>`)}
        ${data?.more && html`<div class="row end"><button type="button" onClick=${() => setPages(pages + 1)}>Show more</button></div>`}
      <//>
      ${id && html`<${OrderCard} key=${id} id=${id} service=${SERVICE} onChanged=${reload} />`}
    </div>`;
}

/** As many pages as are wanted; bounded by who asks for more. */
async function load(filter, pages) {
  const [kind, state] = filter.split(':');
  const base = kind === 'saga' ? `${SERVICE}/sagas?state=${state}` : `${SERVICE}?${kind ? `status=${kind}` : ''}`;
  let items = [];
  let cursor = '';
  for (let page = 0; page < pages; page += 1) {
    const found = await get(`${base}&limit=25${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    items = items.concat(found.items);
    cursor = found.next_cursor;
    if (!cursor) {
      break;
    }
  }
  return { items, more: Boolean(cursor) };
}

function Counts({ counts, onChoose }) {
  if (!counts) {
    return null;
  }
  return html`<p class="facts">
    <span>${counts.needs_attention ? html`<button type="button" class="link" onClick=${() => onChoose('saga:needs_attention')}><${Badge} tone="bad">${plural(counts.needs_attention, 'saga needs', 'sagas need')} attention<//></button>`
      : html`<${Badge} tone="ok">no saga needs attention<//>`}</span>
    <span><button type="button" class="link" onClick=${() => onChoose('saga:running')}>${plural(counts.running, 'order')} amid a step</button></span></p>`;
}

function Find() {
  const submit = (event) => {
    event.preventDefault();
    const id = new FormData(event.currentTarget).get('id').trim();
    if (id) {
      go('orders', id);
    }
  };
  return html`<form class="row" onSubmit=${submit}><label>Order <input name="id" type="search" data-filter placeholder="its whole id" size="14" spellcheck="false" /></label>
    <button class="quiet">Open</button></form>`;
}

function Away({ failure, retry }) {
  const none = failure instanceof Problem && failure.status === 404;
  return none ? html`<${Empty} title="No order service here">This gateway knows no order-service, so there are no orders to show.<//>`
    : html`<${Failure} failure=${failure} retry=${retry} />`;
}

function OrderTable({ items, chosen }) {
  return html`<div class="scroll"><table class="rows" onKeyDown=${rove}>
    <thead><tr><th>Order</th><th>Status</th><th class="n">Total</th><th class="more">Items</th><th class="more">Placed</th></tr></thead>
    <tbody>${items.map((o) => html`<tr key=${o.order_id} class=${o.order_id === chosen ? 'on' : ''}>
      <th scope="row" class="path"><a href=${link('orders', o.order_id)} data-rove title=${o.order_id} aria-current=${o.order_id === chosen ? 'true' : undefined}><code>${shortId(o.order_id)}</code></a></th>
      <td><${Badge} state=${o.status} />${o.saga && html` <${Badge} state=${o.saga.state} />`}</td>
      <td class="n">${money(o.total_amount, o.currency)}</td>
      <td class="fine more">${o.items.map((i) => `${i.quantity} × ${i.name}`).join(', ')}</td>
      <td class="fine more">${moment(o.created_at)}</td></tr>`)}</tbody></table></div>`;
}
