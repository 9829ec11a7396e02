import { html, useState } from '../lib.js';
import { clock } from '../format.js';
import { useWidth } from './basics.js';

/** A line without axes, for the shape of what has been. */
export function Spark({ values, label, tone = 'accent', height = 30 }) {
  const width = 120;
  const top = Math.max(...values, 0);
  const points = values.map((value, i) => [
    values.length < 2 ? width : (i / (values.length - 1)) * width,
    height - 2 - (top ? (value / top) * (height - 5) : 0),
  ]);
  const line = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' L');
  return html`<svg class="spark tone-${tone}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"
    role="img" aria-label=${label}>
    ${points.length > 1 && html`
      <path class="area" d="M0,${height} L${line} L${width},${height} Z" />
      <path class="line" d="M${line}" />`}
  </svg>`;
}

const PAD = { left: 46, right: 8, top: 10, bottom: 22 };

/**
 * Lines over time, with an axis each way; a value can be read by pointing or with the arrow keys.
 * `series` is [{name, tone, values}], as long as `times` (ISO texts) is.
 */
export function TimePlot({ title, times, series, format, height = 168 }) {
  const [ref, width] = useWidth(600);
  const [at, setAt] = useState(null);
  const inner = { width: Math.max(10, width - PAD.left - PAD.right), height: height - PAD.top - PAD.bottom };
  const most = Math.max(...series.flatMap((s) => s.values), 0);
  const ticks = niceTicks(most);
  const top = ticks.at(-1) || 1;
  const x = (i) => PAD.left + (times.length < 2 ? inner.width : (i / (times.length - 1)) * inner.width);
  const y = (value) => PAD.top + inner.height - (value / top) * inner.height;
  const index = at === null || at >= times.length ? null : at;
  const point = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - PAD.left) / inner.width;
    setAt(Math.max(0, Math.min(times.length - 1, Math.round(share * (times.length - 1)))));
  };
  const step = (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (steps[event.key] && times.length) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(times.length - 1, (index ?? times.length - 1) + steps[event.key])));
    }
  };
  const spoken = series.map((s) => `${s.name} ${format(s.values.at(-1) ?? 0)}`).join(', ');
  return html`<figure class="plot" ref=${ref}>
    <figcaption>
      <span class="plot-title">${title}</span>
      ${series.map((s) => html`<span key=${s.name} class="key tone-${s.tone}"><i aria-hidden="true" />${s.name}
        <b>${format(s.values[index ?? s.values.length - 1] ?? 0)}</b></span>`)}
      <time class="fine">${index === null ? 'now' : clock(times[index])}</time>
    </figcaption>
    <svg width=${width} height=${height} role="img" tabindex="0"
      aria-label="${title}, last five minutes; now ${spoken}. Arrow keys read earlier values."
      onPointerMove=${point} onPointerLeave=${() => setAt(null)} onBlur=${() => setAt(null)} onKeyDown=${step}>
      ${ticks.map((tick) => html`<g key=${tick} class="tick">
        <line x1=${PAD.left} x2=${width - PAD.right} y1=${y(tick)} y2=${y(tick)} />
        <text x=${PAD.left - 6} y=${y(tick) + 4} text-anchor="end">${format(tick)}</text></g>`)}
      ${timeTicks(times).map((i) => html`<text key=${times[i]} class="tick" x=${x(i)} y=${height - 5}
        text-anchor="middle">${clock(times[i]).slice(0, 5)}</text>`)}
      ${series.map((s) => html`<path key=${s.name} class="line tone-${s.tone}"
        d=${s.values.map((value, i) => `${i ? 'L' : 'M'}${x(i).toFixed(1)},${y(value).toFixed(1)}`).join('')} />`)}
      ${index !== null && html`<line class="cross" x1=${x(index)} x2=${x(index)} y1=${PAD.top} y2=${height - PAD.bottom} />
        ${series.map((s) => html`<circle key=${s.name} class="tone-${s.tone}" cx=${x(index)} cy=${y(s.values[index])} r="3.5" />`)}`}
    </svg>
    <output class="unseen">${index === null ? '' : `${clock(times[index])}: ${series.map((s) => `${s.name} ${format(s.values[index])}`).join(', ')}`}</output>
  </figure>`;
}

/** From nought to a round number that is not below the most, in three or four steps. */
function niceTicks(most) {
  if (most <= 0) {
    return [0, 1];
  }
  const raw = most / 3;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * unit).find((s) => s >= raw);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

/** Where a minute begins. */
function timeTicks(times) {
  return times.map((_, i) => i).filter((i) => i > 0 && clock(times[i]).slice(0, 5) !== clock(times[i - 1]).slice(0, 5));
}
