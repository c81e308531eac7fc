import type {
  AnnotationFact,
  EnvFact,
  Fact,
  PodIdentityAssociationFact,
  RoleFact,
  ServiceAccountFact,
  TrustPolicyFact,
  WorkloadFact,
} from '../model/facts';
import type { ConditionKey, ConditionOperator, ListValue, PolicyDocument, Statement, ValueList } from '../model/policy';
import type { Place } from '../syntax/sourceFile';
import { touches, type Span } from '../text/span';
import type { Text } from '../text/text';
import type { WorkspaceView } from './workspaceView';

/** What stands under the cursor, in the domain's terms. */
export type Target = { readonly place: Place } & (
  | { readonly kind: 'annotation-key' | 'annotation-value'; readonly fact: AnnotationFact; readonly account?: ServiceAccountFact }
  | { readonly kind: 'account-name' | 'account-namespace'; readonly account: ServiceAccountFact; readonly text: Text }
  | { readonly kind: 'workload-account'; readonly workload: WorkloadFact; readonly text: Text }
  | { readonly kind: 'env-value'; readonly workload: WorkloadFact; readonly env: EnvFact; readonly value: Text }
  | { readonly kind: 'role-name' | 'role-arn'; readonly fact: RoleFact | TrustPolicyFact | PodIdentityAssociationFact; readonly text: Text }
  /** The key of an element of a policy, such as `Principal`. */
  | { readonly kind: 'element'; readonly policy: TrustPolicyFact; readonly key: Text }
  | ({ readonly kind: 'effect' | 'sid' } & InStatement)
  | ({ readonly kind: 'principal'; readonly list: ValueList; readonly value: ListValue } & InStatement)
  | ({ readonly kind: 'action'; readonly value: ListValue; readonly negated: boolean } & InStatement)
  | ({ readonly kind: 'operator'; readonly operator: ConditionOperator } & InStatement)
  | ({ readonly kind: 'condition-key'; readonly operator: ConditionOperator; readonly condition: ConditionKey } & InStatement)
  | ({
      readonly kind: 'condition-value';
      readonly operator: ConditionOperator;
      readonly condition: ConditionKey;
      readonly value: ListValue;
    } & InStatement)
);

interface InStatement {
  readonly policy: TrustPolicyFact;
  readonly statement: Statement;
}

/**
 * Finds what stands at an offset of a file.
 * @param offset UTF-16, from the file's start.
 * @returns undefined where nothing of the domain stands.
 */
export function targetAt(view: WorkspaceView, uri: string, offset: number): Target | undefined {
  const at = view.documentAt(uri, offset);
  if (!at) return undefined;
  const facts = view.factsOf(at.document.ref);
  for (const fact of facts) {
    const target = inFact(fact, at.offset, facts);
    if (target) return target;
  }
  return undefined;
}

function inFact(fact: Fact, offset: number, facts: readonly Fact[]): Target | undefined {
  const place = (span: Span): Place => ({ doc: fact.doc, span });
  const on = (text: Text | undefined): text is Text => text !== undefined && touches(text.outer, offset);
  switch (fact.kind) {
    case 'annotation': {
      const account = facts.find((f): f is ServiceAccountFact => f.kind === 'serviceAccount' && isAnnotationOf(f, fact));
      const extra = account ? { fact, account } : { fact };
      if (on(fact.key)) return { kind: 'annotation-key', ...extra, place: place(fact.key.span) };
      if (touches(fact.valueSpan, offset)) return { kind: 'annotation-value', ...extra, place: place(fact.value?.span ?? fact.valueSpan) };
      return undefined;
    }
    case 'serviceAccount':
      if (on(fact.name)) return { kind: 'account-name', account: fact, text: fact.name, place: place(fact.name.span) };
      if (on(fact.namespace)) return { kind: 'account-namespace', account: fact, text: fact.namespace, place: place(fact.namespace.span) };
      return undefined;
    case 'workload':
      if (on(fact.serviceAccountName)) {
        return { kind: 'workload-account', workload: fact, text: fact.serviceAccountName, place: place(fact.serviceAccountName.span) };
      }
      for (const env of fact.containers.flatMap((container) => container.env)) {
        if (on(env.value)) return { kind: 'env-value', workload: fact, env, value: env.value, place: place(env.value.span) };
      }
      return undefined;
    case 'role':
      if (on(fact.name)) return { kind: 'role-name', fact, text: fact.name, place: place(fact.name.span) };
      if (on(fact.arn)) return { kind: 'role-arn', fact, text: fact.arn, place: place(fact.arn.span) };
      return undefined;
    case 'podIdentityAssociation':
      for (const arn of [fact.roleArn, fact.targetRoleArn])
        if (on(arn)) return { kind: 'role-arn', fact, text: arn, place: place(arn.span) };
      if (on(fact.roleName)) return { kind: 'role-name', fact, text: fact.roleName, place: place(fact.roleName.span) };
      return undefined;
    case 'trustPolicy':
      if (!touches(fact.span, offset)) return undefined;
      return inPolicy(fact, offset);
    default:
      return undefined;
  }
}

/** True when the account carries just this annotation. */
export function isAnnotationOf(account: ServiceAccountFact, fact: AnnotationFact): boolean {
  const same = (own: AnnotationFact | undefined): boolean => own !== undefined && own.key.span.start === fact.key.span.start;
  return [account.roleArn, account.audience, account.tokenExpiration, account.stsRegionalEndpoints].some(same);
}

function inPolicy(policy: TrustPolicyFact, offset: number): Target | undefined {
  const key = elementKeys(policy.policy).find((each) => touches(each.outer, offset));
  if (key) return { kind: 'element', policy, key, place: { doc: policy.doc, span: key.span } };
  const statement = policy.policy.statements.find((s) => touches(s.span, offset));
  if (!statement) return undefined;
  const within = { policy, statement };
  const place = (span: Span): Place => ({ doc: policy.doc, span });
  const hit = (text: Text): boolean => touches(text.outer, offset);

  if (statement.effect?.text && hit(statement.effect.text)) return { kind: 'effect', ...within, place: place(statement.effect.text.span) };
  if (statement.sid?.text && hit(statement.sid.text)) return { kind: 'sid', ...within, place: place(statement.sid.text.span) };
  for (const principal of [statement.principal, statement.notPrincipal]) {
    for (const list of principal?.kinds ?? []) {
      for (const value of list.values) if (hit(value)) return { kind: 'principal', list, value, ...within, place: place(value.span) };
    }
  }
  for (const actions of [statement.action, statement.notAction]) {
    for (const value of actions?.values ?? []) {
      if (hit(value)) return { kind: 'action', value, negated: actions === statement.notAction, ...within, place: place(value.span) };
    }
  }
  for (const operator of statement.condition?.operators ?? []) {
    if (hit(operator.key)) return { kind: 'operator', operator, ...within, place: place(operator.key.span) };
    if (!touches(operator.span, offset)) continue;
    for (const condition of operator.keys) {
      if (hit(condition.key)) return { kind: 'condition-key', operator, condition, ...within, place: place(condition.key.span) };
      for (const value of condition.values.values) {
        if (hit(value)) return { kind: 'condition-value', operator, condition, value, ...within, place: place(value.span) };
      }
    }
  }
  return undefined;
}

/** The keys of a policy's elements. In HCL's blocks they have names of their own, which are not IAM's. */
function elementKeys({ form, version, id, statements }: PolicyDocument): Text[] {
  if (form === 'hcl-blocks' || form === 'hcl-module') return [];
  return [
    version,
    id,
    ...statements.flatMap(({ sid, effect, principal, notPrincipal, action, notAction, condition }) => [
      sid,
      effect,
      principal,
      notPrincipal,
      ...(principal?.kinds ?? []),
      ...(notPrincipal?.kinds ?? []),
      action,
      notAction,
      condition,
    ]),
  ].flatMap((element) => (element ? [element.key] : []));
}
