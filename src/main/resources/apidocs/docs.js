// Starts Swagger UI over our document, and puts the token of a log-in to use, whether it came by the
// form above or by trying POST /api/auth/login out.
'use strict';

const LOGIN = '/api/auth/login';
const who = document.getElementById('who');

const ui = SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  responseInterceptor: (response) => {
    if (response.ok && new URL(response.url, location.href).pathname === LOGIN) {
      use(response.body || response.obj);
    }
    return response;
  },
});

function use(session) {
  const user = session.user;
  ui.preauthorizeApiKey('bearerAuth', session.token);
  who.classList.remove('refused');
  who.textContent = `Calls are sent as ${user.username} (${user.roles.join(', ')}).`;
}

document.getElementById('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    const answer = await fetch(LOGIN, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({username: form.username.value, password: form.password.value}),
    });
    const body = await answer.json();
    if (!answer.ok) {
      throw new Error(body.detail);
    }
    form.password.value = '';
    use(body);
  } catch (refusal) {
    who.classList.add('refused');
    who.textContent = refusal.message;
  }
});
