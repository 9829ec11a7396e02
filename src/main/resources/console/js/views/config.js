import { html, useState } from '../lib.js';
import { get, post } from '../api.js';
import { ago, moment, plural, words } from '../format.js';
import { Badge, Card, Failure, useData, Waiting } from '../parts/basics.js';
import { Confirm } from '../parts/dialog.js';
import { Changes } from '../parts/config-changes.js';
import { DryRun } from '../parts/dry-run.js';
import { Findings } from '../parts/findings.js';

const EVERY_MILLIS = 4000;

export function ConfigView() {
  const now = useData(() => get('/api/admin/config'), [], EVERY_MILLIS);
  const past = useData(() => get('/api/admin/config/history'), [now.data?.revision]);
  const changed = () => {
    now.reload();
    past.reload();
  };
  return html`<h1>Configuration</h1>
    <p class="lead">What is in force, how it came about, what another file would do, and the way back.</p>
    ${now.failure && html`<${Failure} failure=${now.failure} retry=${now.reload} />`}
    ${!now.data && !now.failure && html`<${Waiting} lines=${6} />`}
    ${now.data && html`<${Current} config=${now.data} />
      <div class="pair">
        <${History} past=${past} current=${now.data.revision} onChanged=${changed} />
        <div><${DryRun} /><${Effective} config=${now.data.effective} /></div>
      </div>`}`;
}

function Current({ config }) {
  return html`<${Card} title=${html`Revision <code>${config.revision}</code>`}
    aside=${config.stale ? html`<${Badge} tone="bad">a newer file was refused<//>` : html`<${Badge} tone="ok">in force<//>`}>
    <p class="facts"><span>since ${moment(config.loaded_at)} <span class="fine">${ago(config.loaded_at)}</span></span>
      <span>from ${words(config.source || 'files')}</span><span>checksum <code>${config.checksum}</code></span>
      <span>${config.agree ? `${plural(config.nodes.length, 'node')}, all agree` : html`<${Badge} tone="warn">nodes disagree<//>`}</span></p>
    ${config.store && config.store.status !== 'answering' && html`<p class="note"><${Badge} tone="warn">${words(config.store.status)}<//> ${config.store.name}: ${config.store.reason || 'no answer yet'}. What it said last holds.</p>`}
    ${config.rollback && html`<p class="note">Rolled back by ${config.rollback.by} at ${moment(config.rollback.since)}: what is on disk is not in force until it is saved anew.</p>`}
    ${!config.agree && html`<ul class="plain">${config.nodes.map((n) => html`<li key=${n.node}>${n.node} <code>${n.revision}</code> <span class="fine">${n.checksum}, since ${moment(n.loaded_at)}</span></li>`)}</ul>`}
    <${Findings} title="Why the newer one was refused" tone="bad" items=${config.errors.map((e) => ({ ...e, text: e.reason }))} />
    <${Findings} title="Warnings" tone="warn" items=${config.warnings.map((w) => ({ ...w, text: w.message }))} />
    ${config.restart_needed.length > 0 && html`<p><${Badge} tone="warn">restart needed<//> for ${config.restart_needed.map((k) => html`<code key=${k}>${k}</code> `)}</p>`}
  <//>`;
}

function History({ past, current, onChanged }) {
  const [back, setBack] = useState(null);
  const [failure, setFailure] = useState(null);
  const [done, setDone] = useState('');
  const roll = async () => {
    const revision = back;
    setBack(null);
    try {
      await post('/api/admin/config/rollback', { revision });
      setFailure(null);
      setDone(`Rolled back to ${revision}.`);
    } catch (problem) {
      setFailure(problem);
      setDone('');
    }
    onChanged();
  };
  const items = past.data?.items || [];
  return html`<${Card} title="History" aside=${html`<span class="fine">the newest first</span>`}>
    ${past.failure && html`<${Failure} failure=${past.failure} retry=${past.reload} />`}
    ${failure && html`<${Failure} failure=${failure} />`}
    <p class="unseen" role="status">${done}</p>
    ${done && html`<p class="note" aria-hidden="true">${done}</p>`}
    ${!past.data && !past.failure && html`<${Waiting} />`}
    <ol class="revisions">${items.map((r) => html`<li key=${r.revision}>
      <details><summary><code>${r.revision}</code> <span class="fine">${moment(r.loaded_at)} · ${words(r.source || 'files')}${r.by ? ` · ${r.by}` : ''}</span>
        <span class="count">${r.source === 'start' ? '' : plural(r.changes.length, 'change')}</span></summary>
        <${Changes} changes=${r.changes} leftOff=${r.left_off} /></details>
      ${r.revision === current ? html`<${Badge} tone="ok">in force<//>`
        : html`<button type="button" class="quiet" onClick=${() => setBack(r.revision)} aria-label="Roll back to ${r.revision}">Roll back</button>`}
    </li>`)}</ol>
    ${back && html`<${RollBack} revision=${back} current=${current} onYes=${roll} onNo=${() => setBack(null)} />`}
  <//>`;
}

function RollBack({ revision, current, onYes, onNo }) {
  const { data, failure } = useData(
    () => get(`/api/admin/config/diff?from=${encodeURIComponent(current)}&to=${encodeURIComponent(revision)}`), [revision]);
  return html`<${Confirm} title="Roll back to ${revision}" action="Roll back" danger onYes=${onYes} onNo=${onNo}>
    <p>This comes into force at once, on this node, and holds until the files are saved anew.</p>
    ${failure && html`<${Failure} failure=${failure} />`}
    ${data && html`<${Changes} changes=${data.changes} leftOff=${data.left_off} />`}
  <//>`;
}

function Effective({ config }) {
  const [text, setText] = useState('');
  const wanted = text.toLowerCase();
  const all = flatten(config);
  const shown = all.filter(([key, value]) => !wanted || `${key} ${value}`.toLowerCase().includes(wanted));
  return html`<${Card} title="What is in effect" aside=${html`<span class="fine">secrets are masked</span>`}>
    <div class="filters"><label>Contains <input type="search" data-filter value=${text} onInput=${(e) => setText(e.target.value)} /></label>
      <span class="fine" role="status">${shown.length} of ${plural(all.length, 'key')}</span></div>
    <div class="effective" tabindex="0" role="region" aria-label="Keys in effect"><table><tbody>${shown.map(([key, value]) => html`<tr key=${key}><th scope="row"><code>${key}</code></th><td><code>${value}</code></td></tr>`)}</tbody></table></div>
  <//>`;
}

function flatten(value, prefix = '') {
  if (Array.isArray(value)) {
    return value.some((v) => v && typeof v === 'object')
      ? value.flatMap((v, i) => flatten(v, `${prefix}[${i}]`)) : [[prefix, value.join(', ') || 'none']];
  }
  if (value && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, v]) => flatten(v, prefix ? `${prefix}.${key}` : key));
  }
  return [[prefix, String(value)]];
}
