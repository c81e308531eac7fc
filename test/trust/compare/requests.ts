import { referenceAllows, type Call } from '../reference';
import { account, issuer, otherIssuer } from '../support';
import { awsPrincipals, clusters, github, otherAccount, providerOf, type PolicyText } from './arbitraries';

/** A request with all actions that it needs, for the plain evaluator. */
export interface Asked {
  readonly who: string;
  /** The principal, as a policy that allows it writes it. */
  readonly principal: string;
  readonly calls: readonly Call[];
}

const one = (value: string | undefined) => (value === undefined ? undefined : [value]);
const pods = 'pods.eks.amazonaws.com';
const names = ['a', 'b', 'ab', 'a-b'];
const subjects = names.flatMap((n) => names.map((s) => `system:serviceaccount:${n}:${s}`));
const agents: (string | undefined)[] = [undefined, 'a', 'zz'];

function asked(
  principal: string,
  actions: readonly string[],
  isCaller: Call['isCaller'],
  keys: Record<string, readonly string[] | undefined>,
): Asked {
  const known: Record<string, readonly string[]> = { 'aws:securetransport': ['true'] };
  for (const [key, value] of Object.entries(keys)) if (value !== undefined) known[key.toLowerCase()] = value;
  return { who: `${principal} ${JSON.stringify(known)}`, principal, calls: actions.map((action) => ({ action, isCaller, keys: known })) };
}

/** Requests of every kind, over the alphabet of the policies. */
const requests: readonly Asked[] = [
  ...[providerOf(issuer), providerOf(otherIssuer), providerOf(issuer, otherAccount), providerOf(github)].flatMap((provider) => {
    const of = provider.slice(provider.indexOf('/') + 1);
    const own = of === github ? ['repo:a/b', 'repo:a/c', 'repo:x', 'system:serviceaccount:a:b', '', 'zz'] : subjects;
    return own.flatMap((subject) =>
      ['sts.amazonaws.com', 'STS.amazonaws.com', 'y'].flatMap((audience, i) =>
        agents.slice(0, i === 0 ? 3 : 1).map((agent) =>
          asked(provider, ['sts:AssumeRoleWithWebIdentity'], (kind, value) => kind === 'Federated' && value === provider, {
            [`${of}:sub`]: [subject],
            [`${of}:aud`]: [audience],
            'aws:UserAgent': one(agent),
          }),
        ),
      ),
    );
  }),
  ...clusters.flatMap((cluster) =>
    names.flatMap((namespace) =>
      names.flatMap((name, i) =>
        agents.slice(0, i === 0 ? 3 : 1).map((agent) => {
          const tags = {
            'eks-cluster-arn': cluster,
            'eks-cluster-name': cluster.split('/')[1]!,
            'kubernetes-namespace': namespace,
            'kubernetes-service-account': name,
            'kubernetes-pod-name': 'x',
            'kubernetes-pod-uid': '0',
          };
          return asked(pods, ['sts:AssumeRole', 'sts:TagSession'], isPods, {
            ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:RequestTag/${tag}`, [value]])),
            'aws:TagKeys': Object.keys(tags),
            'aws:SourceAccount': [cluster.split(':')[4]!],
            'aws:UserAgent': one(agent),
          });
        }),
      ),
    ),
  ),
  ...[account, otherAccount, '555566667777'].flatMap((own) =>
    agents.map((agent) =>
      asked(pods, ['sts:AssumeRole', 'sts:TagSession'], isPods, { 'aws:SourceAccount': [own], 'aws:UserAgent': one(agent) }),
    ),
  ),
  ...['ec2.amazonaws.com', ...awsPrincipals].flatMap((principal) =>
    agents.flatMap((agent) =>
      [undefined, 'a', 'b', 'ab', 'zz', 'a-b'].flatMap((external) =>
        [['sts:AssumeRole'], ['sts:AssumeRole', 'sts:TagSession']].map((actions) =>
          asked(principal, actions, (_, value) => value === principal, {
            'aws:UserAgent': one(agent),
            'sts:ExternalId': one(external),
          }),
        ),
      ),
    ),
  ),
];

function isPods(kind: string, value: string): boolean {
  return kind === 'Service' && value === pods;
}

/** Whether some policy of a set allows a request; null where no source says it. */
function allowedBy(policies: readonly PolicyText[], { calls }: Asked): boolean | null {
  const answers = policies.map((policy) => referenceAllows(policy, calls));
  return answers.includes(true) ? true : answers.includes(null) ? null : false;
}

/** The requests that one set of policies allows, and the other one denies. */
export function allowedApart(part: readonly PolicyText[], all: readonly PolicyText[], among = requests): string[] {
  const text = JSON.stringify(part);
  const possible = among.filter(({ principal }) => text.includes(`"${principal}"`));
  return possible.filter((each) => allowedBy(part, each) === true && allowedBy(all, each) === false).map(({ who }) => who);
}

/** What the words on a witness that is no pod tell: "repo:x of token.actions.githubusercontent.com with the audience y, without aws:UserAgent". */
export function requestsOf(words: string): Asked[] {
  const found =
    /^(?:AWS principal (\S+)|service (\S+)|(.*) of (\S+?)(?: with the audience (.*?))?)((?:,? with(?:out)? \S+:\S+(?: \S*)?)*)$/.exec(
      words,
    );
  if (!found) return [];
  const [, aws, service, subject, of, audience = 'sts.amazonaws.com', others = ''] = found;
  const keys: Record<string, readonly string[] | undefined> = {};
  for (const part of others.trim().split(', ').filter(Boolean)) {
    const [kind, key, value = ''] = part.split(' ');
    keys[key!] = kind === 'with' ? [value] : undefined;
  }
  const ways =
    of === undefined
      ? [['sts:AssumeRole'], ['sts:AssumeRole', 'sts:TagSession']].map((actions) => [aws ?? service!, actions] as const)
      : [[providerOf(of), ['sts:AssumeRoleWithWebIdentity']] as const];
  if (of !== undefined) Object.assign(keys, { [`${of}:sub`]: [subject === 'any token' ? 'x' : subject!], [`${of}:aud`]: [audience] });
  return ways.map(([principal, actions]) => asked(principal, actions, (_, value) => value === principal, keys));
}
