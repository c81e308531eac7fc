import { parseEksIssuer } from '../../core/model/issuer';
import { literal } from '../../core/text/texts';
import { encloses } from '../../core/text/span';
import type { ServiceAccountFact } from '../../core/model/facts';
import { targetAt } from '../../core/features/target';
import type { AwsFacts } from '../../core/model/aws';
import { loadGenerate } from '../../generate/load';
import type { GenerateChoices } from '../../../../protocol/generate';
import type { Session } from '../session';

/** More accounts than a person looks through; the search of the list finds no others. */
const mostAccounts = 1_000;

/** What the wizard offers, from the workspace and from what is known of AWS. Asks nobody. */
export async function generateChoices(session: Session, uri: string | undefined, offset: number | undefined): Promise<GenerateChoices> {
  const { writers } = await loadGenerate();
  const { workspace, aws } = session;
  const { wiring } = workspace;
  const here = uri === undefined || offset === undefined ? undefined : accountAt(session, uri, offset);
  const accounts = [...wiring.accounts()].flatMap((fact) => account(session, fact, fact === here));
  const rank = (each: GenerateChoices['accounts'][number]): number => (each.here ? 0 : each.uri === uri ? 1 : 2);
  accounts.sort(
    (a, b) => rank(a) - rank(b) || compare(a.namespace ?? '', b.namespace ?? '') || compare(a.name, b.name) || compare(a.uri, b.uri),
  );
  const facts = aws?.facts();
  return {
    accounts: accounts.slice(0, mostAccounts),
    namespaces: namespaces(session, accounts[0]?.here ? accounts[0].namespace : undefined),
    clusters: clusters(session, facts),
    awsAccounts: awsAccounts(session, facts),
    formats: writers.map(({ id, title }) => ({ id, title })),
  };
}

function account({ workspace }: Session, fact: ServiceAccountFact, here: boolean): GenerateChoices['accounts'][number][] {
  const name = literal(fact.name);
  if (fact.origin !== 'manifest' || name === undefined) return [];
  const namespace = workspace.wiring.namespaceOf(fact);
  const roleArn = literal(fact.roleArn?.value);
  const line = workspace.position(fact.doc, fact.head.start)?.line ?? 0;
  return [{ name, uri: fact.doc.uri, line, here, ...(namespace === undefined ? {} : { namespace }), ...(roleArn ? { roleArn } : {}) }];
}

/** The account that stands at the cursor, or that the workload there uses. */
function accountAt({ workspace }: Session, uri: string, offset: number): ServiceAccountFact | undefined {
  const target = targetAt(workspace, uri, offset);
  if (target && 'account' in target && target.account) return target.account;
  const at = workspace.documentAt(uri, offset);
  if (!at) return undefined;
  const cursor = { start: at.offset, end: at.offset };
  for (const fact of workspace.factsOf(at.document.ref)) {
    if (!encloses(fact.span, cursor)) continue;
    if (fact.kind === 'serviceAccount') return fact;
    const used = fact.kind === 'workload' ? workspace.wiring.accountsOf(fact)[0] : undefined;
    if (used) return used;
  }
  return undefined;
}

function namespaces({ workspace: { wiring } }: Session, first: string | undefined): string[] {
  const found = [
    ...[...wiring.accounts()].map((fact) => wiring.namespaceOf(fact)),
    ...[...wiring.workloads()].map((fact) => wiring.namespaceOf(fact)),
  ];
  return [...new Set([first, ...found.filter((name) => name !== undefined).sort()].filter((name) => name !== undefined))];
}

function clusters({ workspace: { wiring } }: Session, facts: AwsFacts | undefined): GenerateChoices['clusters'] {
  const known: GenerateChoices['clusters'][number][] = [
    ...wiring.settings.clusters.map(({ name, region, account: id, issuer }) => ({
      name,
      from: 'config' as const,
      ...(region ? { region } : {}),
      ...(id ? { account: id } : {}),
      ...(issuer ? { issuer } : {}),
    })),
    ...(facts?.accounts ?? []).flatMap(({ id, clusters: all }) =>
      all.map(({ name, region, issuer }) => ({ name, region, account: id, from: 'aws' as const, ...(issuer ? { issuer } : {}) })),
    ),
  ];
  const inPolicies = [...wiring.policies()].flatMap(({ policy }) =>
    policy.statements.flatMap((s) => s.principal?.kinds ?? []).flatMap(({ values }) => values.map((value) => literal(value) ?? '')),
  );
  for (const arn of new Set(inPolicies)) {
    const [, id, issuer] = /^arn:[a-z-]+:iam::(\d{12}):oidc-provider\/(.+)$/.exec(arn) ?? [];
    const eks = issuer === undefined ? undefined : parseEksIssuer(issuer);
    if (issuer && eks && !known.some((each) => each.issuer === issuer))
      known.push({ issuer, region: eks.region, account: id!, from: 'files' });
  }
  const seen = new Set<string>();
  return known.filter(({ name, region, issuer }) => {
    const key = name === undefined ? issuer! : `${name} ${region ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

function awsAccounts({ workspace: { wiring }, aws }: Session, facts: AwsFacts | undefined): string[] {
  const uses = new Map<string, number>();
  for (const { arn, uses: times } of wiring.roleArns()) {
    const id = literal(arn.account);
    if (id !== undefined && /^\d{12}$/.test(id)) uses.set(id, (uses.get(id) ?? 0) + times);
  }
  const state = aws?.state();
  const all = [
    state?.source === 'live' ? state.account : undefined,
    ...[...uses].sort((a, b) => b[1] - a[1]).map(([id]) => id),
    ...wiring.settings.clusters.map((each) => each.account),
    ...(facts?.accounts ?? []).map(({ id }) => id),
  ];
  return [...new Set(all.filter((id) => id !== undefined))];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
