import { html, useState } from './lib.js';
import { logIn, logInByToken } from './api.js';
import { Failure } from './parts/basics.js';
import { farewell } from './session.js';
import { useStore } from './store.js';

export function Login() {
  const [byToken, setByToken] = useState(false);
  const [failure, setFailure] = useState(null);
  const [busy, setBusy] = useState(false);
  const why = useStore(farewell);
  const submit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      await (byToken ? logInByToken(form.get('token').trim()) : logIn(form.get('username'), form.get('password')));
    } catch (problem) {
      setFailure(problem);
      setBusy(false);
    }
  };
  const other = () => {
    setByToken(!byToken);
    setFailure(null);
  };
  return html`<main class="login" id="main">
    <form class="card" onSubmit=${submit}>
      <h1><img src="icon.svg" alt="" width="36" height="36" /> Stoa console</h1>
      ${why && html`<p class="note" role="status">${why}</p>`}
      ${byToken
        ? html`<label>Token of an admin
            <textarea name="token" rows="4" required spellcheck="false" autocomplete="off" /></label>`
        : html`<label>User name
            <input name="username" required autocomplete="username" autocapitalize="none" spellcheck="false" /></label>
          <label>Password
            <input name="password" type="password" required autocomplete="current-password" /></label>`}
      ${failure && html`<${Failure} failure=${failure} />`}
      <button class="primary" disabled=${busy}>${busy ? 'Asking…' : 'Log in'}</button>
      <button type="button" class="link" onClick=${other}>
        ${byToken ? 'Log in by password instead' : 'Log in by token instead'}</button>
    </form>
  </main>`;
}
