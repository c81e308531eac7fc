import { documentSpan, literal } from '../text/texts';
import type { Text } from '../text/text';
import type { AnnotationFact, WorkloadFact } from '../model/facts';
import { isBlock, rewrite } from './support/edits';
import { editDistance } from '../text/nearest';
import { headline, line, lines } from '../text/message';
import { readRecord, type Field } from '../text/csv';
import type { Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds values of \`eks.amazonaws.com/skip-containers\` that don't skip the containers they name: white space next to a comma, a
quote that breaks the list, a container that the pod doesn't have.

## Why

The webhook reads one record of comma-separated values and compares each with the names of the containers exactly,
spaces included. A name that doesn't match is ignored, and the container gets \`AWS_ROLE_ARN\` and a token.

## Wrong

\`\`\`yaml
template:
  metadata:
    annotations:
      eks.amazonaws.com/skip-containers: "proxy, logs"
\`\`\`

## Right

\`\`\`yaml
template:
  metadata:
    annotations:
      eks.amazonaws.com/skip-containers: "proxy,logs"
\`\`\`

Names of sidecars that other webhooks add (\`istio-proxy\`, \`vault-agent\`, …) aren't reported, and neither are workloads whose
containers aren't all in the file.

## When to turn it off

If your own webhook adds containers whose names are in no file.
`;

/** Sidecars that mutating webhooks add: their names are in no manifest. */
const injected =
  /proxy|agent|envoy|istio|linkerd|vault|datadog|otel|opentelemetry|collector|consul|dapr|kuma|newrelic|appdynamics|instana|dynatrace|fluent|xray|aws-|falco|twistlock|gke-|secrets-|chaos|tailscale|cilium|init/i;
/** Kinds whose pods have the containers of their template and no others. */
const plainKinds = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'Rollout',
]);

/** More than any pod has; the rest of a longer list isn't checked. */
const mostFields = 100;

/** `skip-containers` doesn't skip the containers that it names. */
export const skipContainersInvalid: Rule = {
  id: 'skip-containers-invalid',
  level: 'warning',
  title: 'The list of skipped containers matches no container',
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/handler/handler.go (getContainersToSkip)',
  checks: {
    workload(fact: WorkloadFact, context: RuleContext): void {
      const { skipContainers } = fact;
      const text = skipContainers?.value;
      const value = literal(text);
      if (!skipContainers || !text || value === undefined || value.trim() === '') return;
      const fields = readRecord(value);
      if (!fields) {
        context.report({
          doc: fact.doc,
          span: text.span,
          message: lines(
            "The list contains a misplaced quote, so the webhook can't read it.",
            'No container is skipped, so all of them get credentials.',
            'Use only container names and commas.',
          ),
        });
        return;
      }
      const names = containerNames(fact);
      for (const field of fields.slice(0, mostFields)) judge(field, fields, skipContainers, names, context);
    },
  },
};

function judge(
  field: Field,
  fields: readonly Field[],
  annotation: AnnotationFact,
  names: readonly string[] | undefined,
  context: RuleContext,
): void {
  const text = annotation.value!;
  const name = field.value.trim();
  if (name === '') return;
  if (name !== field.value) {
    const tight = fields.map((f) => f.value.trim()).join(',');
    context.report({
      doc: annotation.doc,
      span: spanOf(text, field),
      message: lines(
        headline`"${field.value}" matches no container, because of its white space.`,
        line`The webhook compares names exactly, so ${name} gets credentials.`,
        'Remove the white space.',
      ),
      fixes: isBlock(text) ? [] : [{ title: 'Remove the white space', edits: [rewrite(annotation.doc, text, tight)], safe: true }],
    });
    return;
  }
  if (!names || names.includes(name) || isInjected(name, names)) return;
  const near = names.filter(
    (known) => editDistance(known.toLowerCase(), name.toLowerCase(), 2) <= Math.min(2, Math.floor(name.length / 3)),
  );
  const [nearest] = near;
  const rewritten = text.value.slice(0, field.start) + (nearest ?? '') + text.value.slice(field.end);
  context.report({
    doc: annotation.doc,
    span: spanOf(text, field),
    message: lines(
      headline`This pod has no container ${name}, so nothing is skipped.`,
      line`Its containers are ${listed(names)}.`,
      nearest && line`Change it to ${nearest}.`,
    ),
    fixes:
      near.length === 1 && !fields.some((f) => f.value === nearest)
        ? [{ title: line`Skip ${nearest!}`, edits: [rewrite(annotation.doc, text, rewritten)], safe: false }]
        : [],
  });
}

function isInjected(name: string, names: readonly string[]): boolean {
  return injected.test(name) && !names.some((known) => editDistance(known, name, 1) <= 1);
}

/** The pod's container names; undefined if they aren't all in the file. */
function containerNames(workload: WorkloadFact): string[] | undefined {
  if (!plainKinds.has(workload.objectKind) || workload.partial !== false || workload.containers.length === 0) return undefined;
  const names: string[] = [];
  for (const container of workload.containers) {
    const name = literal(container.name);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}

function listed(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
}

function spanOf(text: Text, field: Field): { start: number; end: number } {
  return documentSpan(text, field.start, field.end);
}
