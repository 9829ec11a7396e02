import { html, useState } from '../lib.js';
import { post } from '../api.js';
import { Card, Empty, Failure } from '../parts/basics.js';
import { Explanation } from '../parts/explanation.js';
import { session } from '../session.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

export function ExplainView({ rest: [path = ''] }) {
  const [answer, setAnswer] = useState(null);
  const [failure, setFailure] = useState(null);
  const [busy, setBusy] = useState(false);
  const ask = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      setAnswer(await post('/api/admin/explain', question(form)));
    } catch (problem) {
      setAnswer(null);
      setFailure(problem);
    }
    setBusy(false);
  };
  return html`<h1>Explain a request</h1>
    <p class="lead">What would become of a request, and why. Nothing is sent, counted or used up.</p>
    <${Card}><form class="explain" onSubmit=${ask}>
      <label>Method <select name="method">${METHODS.map((m) => html`<option key=${m} value=${m}>${m}</option>`)}</select></label>
      <label class="grow">Path <input name="path" required data-filter defaultValue=${path} placeholder="/api/products/1?x=y" spellcheck="false" autocapitalize="none" /></label>
      <label>As <select name="who"><option value="">nobody</option><option value="me">me</option><option value="token">the token below</option></select></label>
      <label>Client <input name="client" placeholder="127.0.0.1" size="12" spellcheck="false" /></label>
      <button class="primary" disabled=${busy}>${busy ? 'Asking…' : 'Explain'}</button>
      <details class="whole"><summary>Token and header fields</summary>
        <label>Token <input name="token" spellcheck="false" autocomplete="off" /></label>
        <label>Header fields, one a line <textarea name="headers" rows="3" placeholder="Idempotency-Key: 42" spellcheck="false" /></label></details>
    </form><//>
    ${failure && html`<${Failure} failure=${failure} />`}
    <div aria-live="polite">${answer ? html`<${Explanation} answer=${answer} />`
      : !failure && html`<${Empty} title="Nothing asked yet">Fill in a path and press Enter.<//>`}</div>`;
}

function question(form) {
  const asked = { method: form.get('method'), path: form.get('path').trim() };
  const token = { me: session.get()?.token, token: form.get('token').trim() }[form.get('who')];
  if (token) {
    asked.token = token;
  }
  if (form.get('client').trim()) {
    asked.client = form.get('client').trim();
  }
  const headers = {};
  for (const line of form.get('headers').split('\n').filter((l) => l.includes(':'))) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return Object.keys(headers).length ? { ...asked, headers } : asked;
}
