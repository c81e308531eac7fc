import { graphOf } from '../../client/src/views/map/graph';
import { countAccesses } from '../../client/src/views/roles/model';
import { accessData, type AccessRow } from '../../server/src/core/features/accessData';
import { accessMap } from '../../server/src/core/features/accessMap';
import { accessesOf, byUrgency } from '../../server/src/core/features/accesses';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { explainAccount, explainChain, explainPage, explainText, type ExplainDocument } from '../../server/src/core/features/explain';
import { explainAt } from '../../server/src/core/features/explainAt';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import type { Finding } from '../../server/src/core/rules/rule';
import type { ServiceAccountFact } from '../../server/src/core/model/facts';
import type { Place } from '../../server/src/core/syntax/sourceFile';
import { encloses } from '../../server/src/core/text/span';
import { literal } from '../../server/src/core/text/texts';
import { isMoving } from '../../server/src/core/features/mechanisms';
import { asksForRole, policiesOf, type Access } from '../../server/src/core/trust/access';
import type { Decision } from '../../server/src/core/trust/verdict';
import { overlayWords } from '../../server/src/core/wiring/overlayWords';
import type { Workspace } from '../../server/src/core/workspace/workspace';
import { countChains } from '../../server/src/cli/chains';
import { findingsOf } from '../support/fixtureWorkspace';

const decisions: Readonly<Record<string, Decision>> = { '✓': 'allowed', '✗': 'denied', '?': 'unknown' };
const order: readonly Decision[] = ['denied', 'unknown', 'allowed'];
const worst = (all: readonly (Decision | undefined)[]): Decision | undefined => order.find((decision) => all.includes(decision));

/** The marks of a lens or of a page, in their order. */
function marksIn(text: string): Decision[] {
  return [...text.matchAll(/(?:^|[·\n*] ?|\*\*)([✓✗?])(?=[ *])/gu)].map(([, mark]) => decisions[mark!]!);
}

/** What is shown that disagrees, or that shows an internal notation: a line for each. Nothing is wrong where there is none. */
export function disagreements(workspace: Workspace, paths: readonly string[]): string[] {
  const wrong: string[] = [];
  const { wiring } = workspace;
  const map = accessMap(workspace);
  const texts: string[] = map.map(({ role, reason = '' }) => `${role} ${reason}`);
  const counts = { allowed: 0, denied: 0, unknown: 0 };
  const findings = findingsOf(workspace, paths);
  for (const { message, fixes } of findings) texts.push(message, ...fixes.map(({ title }) => title));
  const doubles = doublesOf(workspace);
  for (const account of wiring.accounts()) {
    // The map has an account once: not again for the association of eksctl that creates it where nothing else does.
    if (doubles.has(account)) continue;
    const own = new Set(wiring.chainsFor(account));
    const accesses = accessesOf(workspace, account);
    const name = `${account.doc.uri} ${account.name?.value ?? '-'}`;
    for (const { access, chain } of accesses) {
      if (!chain || own.has(chain)) counts[access.decision]++;
      const page = chain ? explainChain(workspace, chain) : explainAccount(workspace, account);
      if (chain && page.decision !== access.decision)
        wrong.push(`${name}: Explain says ${page.decision}, the verdict is ${access.decision}`);
      if (chain)
        wrong.push(...mechanismDisagreements(name, access, page, accesses.length === 1 ? lensOf(workspace, account)?.title : undefined));
      const explained = textOfPage(page);
      texts.push(explained);
      if (explained.includes('is in none of the files')) {
        const asked = access.grant ? (access.grant.roleArn?.name ?? access.grant.role) : chain?.roleArn?.name;
        const roleName = literal(asked);
        if (roleName === undefined ? asked !== undefined : isInFiles(workspace, roleName))
          wrong.push(`${name}: a file has the role's trust policy, and Explain says none has`);
      }
      if (access.decision === 'denied' && !isTold(workspace, findings, access, chain, account))
        wrong.push(
          `${name}: can't assume ${access.role} (${access.reason}), and no rule says so; causes: ${workspace.causes(access, chain, account).join()}; reported: ${findings.map(({ rule, at }) => `${rule} in ${at.doc.uri}`).join()}`,
        );
      const rows = map.filter(
        (row) =>
          row.account.doc === account.doc &&
          row.account.span === account.head &&
          !row.hidden &&
          (!chain || row.mechanism === access.mechanism) &&
          (!chain || JSON.stringify(row.overlays) === JSON.stringify(chain.overlays?.map((each) => each.name))),
      );
      if (
        (!chain || own.has(chain)) &&
        !rows.some(({ moving = false, other }) => moving === isMoving(access) && other?.decision === access.other?.decision)
      )
        wrong.push(`${name}: the map doesn't show the other mechanism as the verdict has it`);
      if ((!chain || own.has(chain)) && !rows.some(({ decision }) => decision === access.decision))
        wrong.push(`${name}: the map says ${rows.map(({ decision }) => decision).join() || 'nothing'}, the verdict is ${access.decision}`);
    }
    const whole = worst(accesses.map(({ access }) => access.decision));
    const lens = lensOf(workspace, account);
    texts.push(lens?.title ?? '');
    if ((lens ? marksIn(lens.title)[0] : undefined) !== whole)
      wrong.push(`${name}: the lens says "${lens?.title}", the verdict is ${whole}`);
    const offset = account.doc.start + (account.name?.span.start ?? account.head.start);
    const hover = account.name && !account.name.borrowed ? hoverAt(workspace, account.doc.uri, offset)?.markdown : undefined;
    if (hover !== undefined) texts.push(hover);
    if (hover?.startsWith('ServiceAccount') && worst(marksIn(hover.replace(/\\/g, ''))) !== whole)
      wrong.push(`${name}: the hover says ${marksIn(hover).join()}, the verdict is ${whole}: ${hover}`);
    if (accesses[0] && [...accesses].sort(byUrgency)[0] !== accesses[0]) wrong.push(`${name}: what fails is not first`);
    const value = account.roleArn?.value;
    const chains = accesses.flatMap(({ chain }) => (chain && own.has(chain) ? [chain] : []));
    if (value && !value.borrowed && account.roleArn.doc === account.doc && chains.length > 0) {
      const card = hoverAt(workspace, account.doc.uri, account.doc.start + value.span.start)?.markdown;
      if (card !== undefined) texts.push(card);
      const said = marksIn(
        card
          ?.split('\n')
          .filter((line) => /^\*\*[✓✗?]\*\*/u.test(line))
          .join('\n') ?? '',
      );
      if (said.length > 0 && worst(said) !== worst(chains.map((chain) => workspace.access(chain).decision)))
        wrong.push(`${name}: the role's card says ${said.join()}`);
    }
  }
  for (const path of paths) {
    const page = explainAt(workspace, `file:///workspace/${path}`, undefined);
    texts.push('problem' in page ? page.problem : textOfPage(page));
  }
  for (const path of paths) texts.push(...offered(workspace, `file:///workspace/${path}`));
  // What may override an annotation is not counted beside it.
  const perhaps = new Set(
    [...wiring.chains()]
      .filter(asksForRole)
      .flatMap(({ perhapsOverriddenBy = [] }) => perhapsOverriddenBy.map(({ association }) => association?.head)),
  );
  const associated = map.filter(
    ({ account }) =>
      ![...wiring.accounts()].some((each) => each.doc === account.doc && each.head === account.span) && !perhaps.has(account.span),
  );
  // An account that no file has is one, however many workloads use it.
  const once = new Map(associated.map((row) => [`${row.account.doc.uri} ${row.account.span.start} ${row.serviceAccount}`, row]));
  for (const { decision, accountDecision = decision } of once.values()) counts[accountDecision]++;
  const counted = countChains([workspace]);
  const { rows } = accessData(workspace, ({ doc, span }) => ({ label: 'x:1', uri: doc.uri, line: doc.index, character: span.start }));
  const listed = countAccesses(rows);
  wrong.push(...drawnDisagreements(workspace, rows));
  for (const decision of ['allowed', 'denied', 'unknown'] as const)
    if (listed[decision] !== counts[decision])
      wrong.push(`the Roles tree and the map count ${listed[decision]} ${decision}, the views show ${counts[decision]}`);
  if (counted.admitted !== counts.allowed || counted.refused !== counts.denied || counted.unknown !== counts.unknown)
    wrong.push(`check counts ${JSON.stringify(counted)}, the views show ${JSON.stringify(counts)}`);
  for (const text of texts) {
    const found =
      /\$\{(?:partition|account|AWS::AccountId|AWS::Partition|eksctl's|the cluster's)[^}]*\}?|arn:<partition>|::<account>:role\/(?!<)|\(unknown\)\./.exec(
        text,
      );
    if (found && !paths.some((path) => textOf(workspace, path).includes(found[0])))
      wrong.push(`an internal notation is shown: ${text.slice(Math.max(0, found.index - 60), found.index + 60)}`);
  }
  return wrong;
}

/** Accounts of eksctl's associations that are another account, of the same association. */
function doublesOf(workspace: Workspace): ReadonlySet<ServiceAccountFact> {
  const accounts = [...workspace.wiring.accounts()];
  const associationsOf = (account: ServiceAccountFact) =>
    accessesOf(workspace, account).flatMap(({ access: { grant } }) => grant?.association ?? []);
  const told = new Set(accounts.filter(({ eksctl }) => eksctl !== 'association').flatMap(associationsOf));
  return new Set(
    accounts.filter((each) => each.eksctl === 'association' && associationsOf(each).some((association) => told.has(association))),
  );
}

/** Accounts that the map draws with another verdict than theirs: the worst of what is in effect, in all overlays. */
function drawnDisagreements(workspace: Workspace, rows: readonly AccessRow[]): string[] {
  const { nodes } = graphOf(rows, {}, 'none');
  const doubles = doublesOf(workspace);
  return [...workspace.wiring.accounts()].flatMap((account) => {
    const { doc, head } = account;
    if (doubles.has(account)) return [];
    const here = nodes.filter(
      ({ column, place }) => column === 1 && place?.uri === doc.uri && place.line === doc.index && place.character === head.start,
    );
    // One text may be several accounts, as with for_each.
    const named = here.filter(({ label }) => label.split(' ')[0]!.split('/').at(-1) === literal(account.name));
    const own = named.length > 0 ? named : here;
    const chains = new Set(workspace.wiring.chainsFor(account));
    const wanted = worst(
      accessesOf(workspace, account).flatMap(({ chain, access }) => (!chain || chains.has(chain) ? access.decision : [])),
    );
    const drawn = worst(own.map(({ decision }) => decision));
    return wanted === undefined || drawn === wanted
      ? []
      : [`${doc.uri} ${account.name?.value ?? '-'}: the map draws ${drawn}, the verdict is ${wanted}`];
  });
}

/** Where Explain and the lens don't show the two mechanisms of an account as the verdict has them. */
function mechanismDisagreements(name: string, access: Access, page: ExplainDocument, lens: string | undefined): string[] {
  const { other, mechanism, decision } = access;
  const shown = page.mechanisms?.answers.map((each) => `${each.mechanism} ${each.standing} ${each.decision}`) ?? [];
  const wanted = other ? [`${mechanism} in-effect ${decision}`, `${other.mechanism} ${other.standing} ${other.decision}`] : [];
  return [
    ...(shown.join() === wanted.join() ? [] : [`${name}: Explain shows the mechanisms ${shown.join()}, the verdict has ${wanted.join()}`]),
    ...((page.mechanisms?.moving ?? false) === isMoving(access) ? [] : [`${name}: Explain and the verdict don't agree on moving`]),
    ...(lens === undefined || lens.includes('(moving') === isMoving(access)
      ? []
      : [`${name}: the lens says "${lens}", which is wrong on moving`]),
  ];
}

/** True where some file makes a role of that name, or holds a trust policy that says that it is its own. */
function isInFiles({ wiring }: Workspace, roleName: string): boolean {
  for (const uri of wiring.files()) {
    for (const fact of wiring.facts(uri)) {
      if (fact.kind === 'role' && (literal(fact.name) === roleName || literal(fact.arn)?.endsWith(`/${roleName}`) === true)) return true;
      if (fact.kind === 'trustPolicy' && (literal(fact.roleName) === roleName || literal(fact.roleArn)?.endsWith(`/${roleName}`) === true))
        return true;
    }
  }
  return false;
}

/** What completion shows behind the keys, list marks and quotes of a file. */
function offered(workspace: Workspace, uri: string): string[] {
  const shown = new Set<string>();
  for (const { ref, text } of workspace.file(uri)?.documents ?? []) {
    const places = [...text.matchAll(/: |- |": "/g)].slice(0, 40);
    for (const { index, 0: mark } of places) {
      for (const { label, detail = '', documentation = '', insert } of completionAt(workspace, uri, ref.start + index + mark.length)
        ?.items ?? [])
        shown.add(`${label} ${detail} ${documentation} ${insert}`);
    }
  }
  return [...shown];
}

function textOfPage(document: ExplainDocument): string {
  return explainText(explainPage(document, ({ doc }) => ({ label: 'x:1', uri: doc.uri, line: 0, character: 0 })));
}

function textOf(workspace: Workspace, path: string): string {
  return (
    workspace
      .file(`file:///workspace/${path}`)
      ?.documents.map(({ text }) => text)
      .join('') ?? ''
  );
}

/** An account's lens. Several accounts of one text (a `for_each`) have one each, in their order. */
function lensOf(workspace: Workspace, account: ServiceAccountFact) {
  const startOf = (each: ServiceAccountFact): number => (each.origin === 'manifest' ? each.span.start : each.head.start);
  const lenses = lensesOf(workspace, account.doc.uri).filter(
    ({ at, action }) => action === 'explain' && at.doc === account.doc && at.span.start === startOf(account),
  );
  const here = workspace.wiring
    .factsIn(account.doc)
    .filter((each) => each.kind === 'serviceAccount' && startOf(each) === startOf(account) && accessesOf(workspace, each).length > 0);
  return lenses[here.length > 1 ? here.indexOf(account) : 0];
}

/**
 * A finding of `check` names the cause, at the account, at a trust policy that may be its role's or at its association, and
 * for its overlay; or the rule that would is off or suppressed, and Explain names it. What is wrong elsewhere tells nothing.
 */
function isTold(workspace: Workspace, findings: readonly Finding[], ...[access, chain, account]: Parameters<Workspace['causes']>): boolean {
  const causes = workspace.causes(access, chain, account);
  const association = access.grant?.association;
  const places: Place[] = [
    ...(account ? [account] : []),
    ...(chain ? [chain.account, { doc: chain.request.doc, span: chain.request.span }] : []),
    ...(association ? [association] : []),
    // Where no workload, or no operator, can use the mechanism, each of them is told so.
    ...(access.fault === 'platform' || access.fault === 'operator' ? (chain?.workloads ?? access.grant?.workloads ?? []) : []),
    ...policiesOf(access.grant ?? chain ?? { ties: [] }).map(({ policy }) => policy),
  ];
  const isThere = ({ at }: Finding): boolean =>
    places.some(({ doc, span }) => doc.uri === at.doc.uri && doc.index === at.doc.index && encloses(span, at.span));
  const isOfOverlay = ({ message }: Finding): boolean =>
    !chain?.overlays || !/^In overlays? /.test(message) || message.startsWith(`In ${overlayWords(chain.overlays)}`);
  if (findings.some((finding) => causes.includes(finding.rule) && isThere(finding) && isOfOverlay(finding))) return true;
  const { rules, overrides, ignore } = workspace.wiring.settings;
  const mayHide =
    causes.some((rule) => rules[rule] === 'off') ||
    overrides.length > 0 ||
    ignore.length > 0 ||
    [...workspace.wiring.files()].some((uri) => workspace.file(uri)?.documents.some(({ text }) => text.includes('pod-roles-disable')));
  const page = chain ? explainChain(workspace, chain) : undefined;
  return causes.length > 0 && mayHide && (page === undefined || page.fixes.some(({ text }) => causes.some((rule) => text.includes(rule))));
}
