import { compact, plural, seconds, words } from './format.js';

/** What each policy of a route says, and what it does now: [{name, rule, now, tone}]. */
export function policies(route) {
  return [
    authentication(route), limit(route), breaker(route), places(route), time(route), retries(route),
    balancing(route), path(route), body(route), ...extras(route),
  ];
}

function authentication({ auth, roles }) {
  const who = {
    required: 'Needs a good token', optional: 'Takes a token or none', none: 'Looks at no token',
  }[auth];
  return { name: 'Who', rule: roles.length ? `${who} with the role ${roles.join(' or ')}` : who };
}

function limit({ limit: own, let_pass: passed, refused }) {
  if (!own) {
    return { name: 'Rate limit', rule: 'None' };
  }
  const burst = own.burst === own.count ? '' : `, ${own.burst} at once`;
  return {
    name: 'Rate limit',
    rule: `${own.count} in ${seconds(own.period_s)} for each caller${burst}`,
    now: `${compact(passed)} let pass, ${compact(refused)} refused since the start`,
    tone: refused > 0 ? 'warn' : '',
  };
}

function breaker({ circuit_breaker: own, guard }) {
  if (!own.enabled) {
    return { name: 'Breaker', rule: 'Off' };
  }
  const rule = `Opens after ${plural(own.failure_threshold, 'failure')} in a row, for ${seconds(own.recovery_timeout_ms / 1000)}`;
  if (!guard) {
    return { name: 'Breaker', rule, now: 'closed, not used yet' };
  }
  const open = guard.state === 'open' ? `, tries again in ${seconds(guard.open_for_ms / 1000)}` : '';
  const failed = guard.state === 'closed' ? `, ${plural(guard.consecutive_failures, 'failure')} in a row` : '';
  return {
    name: 'Breaker', rule, now: `${words(guard.state)}${open}${failed}`,
    tone: { open: 'bad', half_open: 'warn' }[guard.state] || '',
  };
}

function places({ bulkhead: own, guard }) {
  const follow = own.adaptive === 'none' ? '' : ', fewer while the upstream is slow';
  return {
    name: 'Places',
    rule: `Up to ${own.max_concurrent} at once, ${own.max_queue} wait up to ${seconds(own.max_wait_ms / 1000)}${follow}`,
    now: guard && `${guard.running} of ${guard.limit} taken, ${guard.waiting} waiting, ${compact(guard.overloaded)} turned away`,
    tone: guard && guard.waiting > 0 ? 'warn' : '',
  };
}

function time({ timeout_ms: timeout, deadline_ms: deadline, hedge_ms: hedge }) {
  const parts = [timeout ? `An answer has to begin within ${seconds(timeout / 1000)}` : 'No time-out'];
  if (deadline) {
    parts.push(`all attempts together within ${seconds(deadline / 1000)}`);
  }
  if (hedge) {
    parts.push(`a second instance is asked after ${hedge} ms of silence`);
  }
  return { name: 'Time', rule: parts.join('; ') };
}

function retries({ retry, guard }) {
  return {
    name: 'Retries',
    rule: retry.max_retries ? `Up to ${retry.max_retries}, after ${retry.base_delay_ms} to ${retry.max_delay_ms} ms, where that is safe` : 'None',
    now: guard && `${guard.retry_budget} left in the budget, ${compact(guard.retries)} made`,
    tone: guard && guard.retry_budget === 0 ? 'warn' : '',
  };
}

function balancing({ balancer, destinations }) {
  const out = destinations.reduce((sum, d) => sum + d.left_out, 0);
  const all = destinations.reduce((sum, d) => sum + d.instances, 0);
  return {
    name: 'Balancing',
    rule: `${words(balancer.strategy)}${balancer.outlier_detection ? '; leaves failing instances out' : ''}${balancer.health_check ? '; checks their health' : ''}`,
    now: `${all - out} of ${plural(all, 'instance')} in use`,
    tone: out > 0 ? 'warn' : '',
  };
}

function path({ strip_prefix: strip, rewrite }) {
  const parts = [strip ? `${strip} is cut off` : 'as it is'];
  if (rewrite) {
    parts.push(rewrite);
  }
  return { name: 'Path', rule: parts.join('; ') };
}

function body({ max_body: most }) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = most;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return { name: 'Body', rule: `Up to ${Math.round(size * 10) / 10} ${units[unit]}` };
}

function extras({ fallback, headers, idempotency_keys: keys }) {
  const all = [];
  if (fallback) {
    const kept = fallback.last_good_ms ? `the last good answer of up to ${seconds(fallback.last_good_ms / 1000)}` : '';
    const fixed = fallback.fixed ? 'a fixed answer' : '';
    all.push({ name: 'Fallback', rule: [kept, fixed].filter(Boolean).join(', else ') });
  }
  if (headers.length) {
    all.push({ name: 'Headers', rule: `Sets ${headers.join(', ')}` });
  }
  all.push({ name: 'Keys', rule: { auto: 'Idempotency keys: whoever knows them', gateway: 'Idempotency keys: the gateway', upstream: 'Idempotency keys: the upstream' }[keys] });
  return all;
}
