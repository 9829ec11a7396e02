import { begin, end, session } from './session.js';

/** An answer that is no success, in the server's own words (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.status = status;
    this.title = body.title || '';
    this.errors = body.errors || [];
    this.requestId = body.request_id || '';
    this.body = body;
  }
}

export const get = (path) => call('GET', path);
export const post = (path, body) => call('POST', path, body);

/** Calls the server as whoever is logged in. */
export async function call(method, path, body) {
  const current = session.get();
  const response = await send(method, path, body, current ? current.token : '');
  const answer = await read(response);
  if (response.ok) {
    return answer;
  }
  if (response.status === 401 && session.get() === current) {
    end('The server does not take your token any more. Log in again to go on where you were.');
  }
  throw new Problem(response.status, answer);
}

/** Logs in by password; only admins get a session. */
export async function logIn(username, password) {
  const response = await send('POST', '/api/auth/login', { username, password }, '');
  const answer = await read(response);
  if (!response.ok) {
    throw new Problem(response.status, answer);
  }
  if (!answer.user.roles.includes('admin')) {
    throw new Problem(403, {
      detail: `${answer.user.username} is no admin; this console is for admins.`,
    });
  }
  begin(answer.token, answer.user.username, answer.expires_in);
}

/** Logs in by a token that comes from elsewhere; the server is asked whether it is an admin's. */
export async function logInByToken(token) {
  const response = await send('GET', '/api/admin/traffic', undefined, token);
  if (!response.ok) {
    throw new Problem(response.status, await read(response));
  }
  const claims = claimsOf(token);
  const seconds = claims.exp ? claims.exp - Date.now() / 1000 : 3600;
  begin(token, claims.username || claims.sub || 'token', seconds);
}

/** What a token says of itself; the server has checked it. */
function claimsOf(token) {
  try {
    const text = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(atob(text));
  } catch {
    return {};
  }
}

async function send(method, path, body, token) {
  const headers = { Accept: 'application/json' };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch {
    throw new Problem(0, { detail: 'The server does not answer.' });
  }
}

async function read(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}
