import type { PairOptions } from '../../../protocol/generate';

/** What the user has said so far; kept in the workspace's state as the next run's proposals. */
export interface Answers {
  readonly mechanism: 'irsa' | 'pod-identity';
  readonly cluster?: { readonly name?: string; readonly region?: string; readonly account?: string; readonly issuer?: string };
  readonly accountId?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  /** The file that has the account already. */
  readonly accountUri?: string;
  readonly roleName?: string;
  /** The account (`namespace/name`) that the role's name was said for. */
  readonly roleNameFor?: string;
  readonly policyArns: readonly string[];
  readonly policyUri?: string;
  readonly formats: readonly string[];
  readonly apply: boolean;
  readonly more: Pick<PairOptions, 'path' | 'permissionsBoundary' | 'maxSessionDuration' | 'audience' | 'tags'>;
}

export const firstAnswers: Answers = { mechanism: 'irsa', policyArns: [], formats: ['manifests'], apply: false, more: {} };

/** The answers as the engine's options. */
export function optionsOf(answers: Answers): PairOptions {
  const { cluster } = answers;
  return {
    ...answers.more,
    mechanism: answers.mechanism,
    roleName: answers.roleName,
    namespace: answers.namespace,
    serviceAccount: answers.serviceAccount,
    accountId: answers.accountId ?? cluster?.account,
    issuer: cluster?.issuer,
    cluster: cluster?.name,
    region: cluster?.region,
    policyArns: answers.policyArns,
  };
}
