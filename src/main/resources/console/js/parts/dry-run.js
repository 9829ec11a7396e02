import { html, useState } from '../lib.js';
import { post } from '../api.js';
import { plural } from '../format.js';
import { Badge, Card, Failure } from './basics.js';
import { Changes } from './config-changes.js';
import { Findings } from './findings.js';

const FILES = ['routes.yaml', 'config.yaml', 'config.json'];

/** Tells what a file would do, were it saved; changes nothing. */
export function DryRun() {
  const [file, setFile] = useState(FILES[0]);
  const [content, setContent] = useState('');
  const [report, setReport] = useState(null);
  const [failure, setFailure] = useState(null);
  const [busy, setBusy] = useState(false);
  const check = async (event) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      setReport(await post('/api/admin/config/check', { file, content }));
    } catch (problem) {
      setReport(null);
      setFailure(problem);
    }
    setBusy(false);
  };
  return html`<${Card} title="Dry run" aside=${html`<span class="fine">nothing changes</span>`}>
    <form onSubmit=${check}>
      <div class="filters"><label>In the place of <select value=${file} onChange=${(e) => setFile(e.target.value)}>
        ${FILES.map((f) => html`<option key=${f} value=${f}>${f}</option>`)}</select></label></div>
      <label><span class="unseen">Content of the file</span>
        <textarea rows="9" required value=${content} onInput=${(e) => setContent(e.target.value)} spellcheck="false" placeholder="Paste the whole file here" /></label>
      <div class="row end"><button class="primary" disabled=${busy}>${busy ? 'Checking…' : 'Check'}</button></div>
    </form>
    ${failure && html`<${Failure} failure=${failure} />`}
    <div role="status">${report && html`<p>${report.valid ? html`<${Badge} tone="ok">valid<//> It would be taken.`
      : html`<${Badge} tone="bad">${plural(report.errors.length, 'error')}<//> It would be refused, and what is in force would go on.`}</p>`}</div>
    ${report && html`<${Findings} title="Errors" tone="bad" items=${report.errors.map((e) => ({ ...e, text: e.reason }))} />
      <${Findings} title="Warnings" tone="warn" items=${report.warnings.map((w) => ({ ...w, text: w.message }))} />
      ${report.valid && html`<h3>What would change</h3><${Changes} changes=${report.changes} leftOff=${report.left_off} />`}`}
  <//>`;
}
