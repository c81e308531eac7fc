import { literal } from '../../text/texts';
import type { Text } from '../../text/text';
import type { ReasonFinder } from './finder';
import { shownWorkload } from './workloads';

/** What Go's ParseBool takes for true, as the AWS provider of the Secrets Store CSI driver reads it. */
const isTrue: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/**
 * Operators that take the account's token themselves, and so need IRSA. Sources: external-secrets docs (aws-access),
 * cert-manager docs (route53), secrets-store-csi-driver-provider-aws (server.go).
 */
export const operatorReasons: ReasonFinder = function* ({ move, direction, host }) {
  if (direction !== 'to-pod-identity') return;
  const requestedBy = move.account?.requestedBy;
  // An operator may name the role by itself for an account that is annotated, too, or in the trust policy alone.
  const requests = [move, ...move.beside].flatMap(({ account }) => (account?.requestedBy ? [{ account, by: account.requestedBy }] : []));
  for (const { account, by } of requests)
    yield {
      code: 'operator-needs-token',
      effect: 'stops',
      message: `${by.kind}${named(by.name)} requests this role with a token of the service account, which only IRSA has. Configure the operator for EKS Pod Identity first.`,
      at: { doc: account.doc, span: account.head },
    };
  for (const workload of move.workloads) {
    const { operator, secretProviderClasses = [] } = workload;
    if (operator !== undefined && !requestedBy)
      yield {
        code: 'operator-needs-token',
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} requests the role with a token of this service account, which only IRSA has. Configure the operator for EKS Pod Identity first.`,
        at: { doc: workload.doc, span: workload.head },
      };
    for (const name of secretProviderClasses)
      for (const { doc, span, providerClass } of host.view.wiring.providerClassesOf(literal(name) ?? '', workload)) {
        const value = providerClass?.usePodIdentity;
        if (!providerClass || (value && (literal(value) === undefined || isTrue.has(value.value)))) continue;
        yield {
          code: 'operator-needs-token',
          effect: 'stops',
          message: `SecretProviderClass ${name.value} uses the role of the annotation. Set usePodIdentity: "true" in its parameters in the same change.`,
          at: { doc, span },
        };
      }
  }
};

function named(name: Text | undefined): string {
  const known = literal(name);
  return known === undefined ? '' : ` ${known}`;
}
