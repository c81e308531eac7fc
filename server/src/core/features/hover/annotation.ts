import { annotationKeys, annotationPrefix } from '../../model/annotations';
import type { Target } from '../target';
import { duration } from '../duration';
import { code } from '../markdown';
import type { WorkspaceView } from '../workspaceView';

/** What an annotation does, where it belongs, and what holds without it. */
export function annotationHover(_view: WorkspaceView, target: Target): string | undefined {
  if (target.kind !== 'annotation-key' && target.kind !== 'annotation-value') return undefined;
  const known = annotationKeys.find((key) => key.key === target.fact.key.value);
  if (!known) return undefined;
  // On the value of role-arn the role's own card says more.
  if (target.kind === 'annotation-value' && known.short === 'role-arn') return undefined;
  const where = known.on.map((place) => (place === 'service-account' ? 'the ServiceAccount' : 'the Pod or its template')).join(' or ');
  const lines = [`**${code(known.key)}**`, known.does, `${known.fallback} Belongs on ${where}.`];
  const effect = target.kind === 'annotation-value' ? effectOf(known.short, target.fact.value?.value) : undefined;
  if (effect) lines.push(effect);
  if (known.key.startsWith(annotationPrefix) && known.on.includes('service-account')) {
    lines.push('Read when a pod is created: a change takes effect with new pods.');
  }
  return lines.join('\n\n');
}

/** What just this value leads to. */
function effectOf(short: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (short === 'token-expiration' && /^\d+$/.test(value)) {
    const seconds = Number(value);
    const used = Math.max(600, seconds);
    return used === seconds ? `Here: ${duration(used)}.` : `Here: ${value} seconds, which the webhook raises to 600 (10 minutes).`;
  }
  if (short === 'sts-regional-endpoints') {
    if (/^(1|t|T|TRUE|true|True)$/.test(value)) return 'Here: on.';
    if (/^(0|f|F|FALSE|false|False)$/.test(value)) return 'Here: off; the webhook adds no variable.';
    return `Here: ${code(value)} isn't a boolean that the webhook accepts, so the cluster's default applies.`;
  }
  if (short === 'skip-containers') {
    const names = value.split(',').map((name) => code(name));
    return `Here: no credentials for ${names.join(', ')}.`;
  }
  return undefined;
}
