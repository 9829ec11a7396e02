import { html } from '../lib.js';
import { millis, percent, rate, seconds, words } from '../format.js';
import { rove } from '../keys.js';
import { layout } from '../map-layout.js';
import { toneOf, useWidth } from './basics.js';

/** The gateway, the services behind it and their instances, with what flows between them. */
export function TrafficMap({ map, selected, onSelect }) {
  const [ref, width] = useWidth(900);
  const plan = layout(map.services, width);
  return html`<div class="map" ref=${ref}>
    <svg width=${width} height=${plan.height} role="group" aria-label="Map of the gateway, its services and their instances"
      onKeyDown=${rove}>
      <g aria-hidden="true">
        ${plan.services.map((s) => html`<${Edge} key=${s.service.name} path=${s.path} rate=${s.service.rate}
          state=${breakerOf(s.service)} />`)}
        ${plan.services.flatMap((s) => s.instances.map((i) => html`<${Edge} key=${i.instance.id} path=${i.path}
          rate=${i.instance.rate} state=${i.instance.state} thin />`))}
      </g>
      <${Gateway} box=${plan.gateway} all=${map.gateway} connections=${map.connections} />
      ${plan.services.map((s, i) => html`<g key=${s.service.name}>
        <${Switch} at=${s.switchAt} state=${breakerOf(s.service)} />
        <${Service} box=${s.box} service=${s.service} asked=${asked(map, s.service)} first=${selected ? selected === s.service.name : i === 0}
          on=${selected === s.service.name} onSelect=${onSelect} />
        ${s.instances.map((one) => html`<${Instance} key=${one.instance.id} box=${one.box} instance=${one.instance} />`)}
        ${s.more > 0 && html`<text class="fine" x=${s.moreAt.x} y=${s.moreAt.y}>and ${s.more} more</text>`}
      </g>`)}
    </svg>
  </div>`;
}

/** The addresses of a route are called after it. */
export function titleOf(service) {
  return service.name.replace(/^route:/, '');
}

export function breakerOf(service) {
  return service.guard?.state || 'closed';
}

/** The worst that is to be said of a service. */
export function stateOf(service) {
  const breaker = breakerOf(service);
  if (breaker !== 'closed') {
    return breaker;
  }
  if (service.instances.length === 0) {
    return 'away';
  }
  const down = service.instances.filter((i) => i.state === 'ejected' || i.state === 'unhealthy');
  return down.length === 0 ? 'closed' : down.length === service.instances.length ? 'unhealthy' : 'stale';
}

function Edge({ path, rate: perSecond, state, thin }) {
  const tone = toneOf(state);
  const stroke = Math.min(thin ? 3 : 5, 1.2 + Math.log10(1 + perSecond));
  const seconds = Math.max(0.5, 2.2 - Math.log10(1 + perSecond) * 0.6);
  const flows = perSecond > 0 && tone !== 'bad';
  return html`<path class="edge ${tone}" d=${path} style=${{ strokeWidth: stroke }} />
    ${flows && html`<path class="flow ${tone}" d=${path} style=${{ animationDuration: `${seconds.toFixed(1)}s` }} />`}`;
}

/** A breaker as electricians draw it: the lever is up while nothing passes. */
function Switch({ at, state }) {
  return html`<g class="switch ${toneOf(state)} ${state}" transform="translate(${at.x} ${at.y})" aria-hidden="true">
    <rect x="-13" y="-10" width="26" height="20" rx="4" />
    <circle cx="-8" r="2.4" /><circle cx="8" r="2.4" /><line x1="-8" x2="8" />
  </g>`;
}

function Gateway({ box, all, connections }) {
  return html`<g class="node gateway" transform="translate(${box.x} ${box.y})">
    <rect width=${box.width} height=${box.height} rx="8" />
    <text class="name" x="14" y="25">gateway</text>
    <text x="14" y="45">${rate(all.rate)} · p99 ${millis(all.p99_ms)}</text>
    ${box.height > 70 && html`<text class="fine" x="14" y="65">${connections} connections</text>`}
  </g>`;
}

/** What clients ask of a service, whether it is called or not. */
function asked(map, service) {
  return map.routes.filter((r) => service.routes.includes(r.name)).reduce((sum, r) => sum + r.rate, 0);
}

function Service({ box, service, asked: wanted, first, on, onSelect }) {
  const state = stateOf(service);
  const breaker = breakerOf(service);
  const choose = () => onSelect(service.name);
  const key = (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose();
    }
  };
  const errors = box.width < 270 ? '' : ' errors';
  const numbers = breaker === 'open' ? `refuses ${rate(wanted)}, tries again in ${seconds(service.guard.open_for_ms / 1000)}`
    : `${rate(service.rate)} · ${percent(service.errors)}${errors} · p99 ${millis(service.p99_ms)}`;
  return html`<g class="node service ${toneOf(state)} ${on ? 'on' : ''}" transform="translate(${box.x} ${box.y})"
    tabindex=${first ? 0 : -1} data-rove data-service=${service.name} role="button" aria-pressed=${on}
    aria-label="${titleOf(service)}: breaker ${words(breaker)}, ${numbers}, ${service.instances.length} instances"
    onClick=${choose} onKeyDown=${key}>
    <rect width=${box.width} height=${box.height} rx="8" />
    <rect class="mark" width="4" height=${box.height - 16} x="7" y="8" rx="2" />
    <text class="name" x="20" y="25">${fit(titleOf(service), box.width - 95, 8.2)}</text>
    <text class="state" x=${box.width - 12} y="25" text-anchor="end">${breaker === 'closed' && state !== 'closed' ? words(state === 'stale' ? 'degraded' : state) : words(breaker)}</text>
    <text x="20" y="46">${numbers}</text>
  </g>`;
}

function Instance({ box, instance }) {
  const address = `${instance.host}:${instance.port}`;
  const tone = toneOf(instance.state);
  return html`<g class="node instance ${tone}" transform="translate(${box.x} ${box.y})" role="img"
    aria-label="${instance.id}: ${instance.state}, ${rate(instance.rate)}, ${millis(instance.p50_ms)}">
    <rect width=${box.width} height=${box.height} rx="7" />
    <circle cx="15" cy=${box.height / 2} r="4.5" />
    <text x="28" y="22">${fit(address, box.width - (box.width < 250 ? 90 : 118), 7)}</text>
    <text class="fine" x=${box.width - 10} y="22" text-anchor="end">${tone === 'bad' ? words(instance.state) : `${rate(instance.rate)}${box.width < 250 ? '' : ` · ${millis(instance.p50_ms)}`}`}</text>
  </g>`;
}

function fit(text, width, perLetter) {
  const most = Math.max(6, Math.floor(width / perLetter));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
