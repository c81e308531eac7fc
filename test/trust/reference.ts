/**
 * A second evaluator for literal policies, as plain and slow as can be: it works on the JSON itself, knows no holes,
 * and shares no code with the product. Only for policies whose keys are all known from the request. Null is what no
 * source settles: `ForAnyValue:…IfExists` on an absent key, and a negated operator with an empty list.
 */
export interface Call {
  /** Request keys in lower case. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly action: string;
  /** True for a principal's kind and value that name the caller. */
  readonly isCaller: (kind: string, value: string) => boolean;
}

type Json = unknown;
const list = (value: Json): readonly Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const entries = (value: Json): [string, Json][] => Object.entries((value ?? {}) as Record<string, Json>);

type Tri = boolean | null;
const every = (parts: readonly Tri[]): Tri => (parts.includes(false) ? false : parts.includes(null) ? null : true);

export function referenceAllows(policy: { readonly Version?: string; readonly Statement: Json }, calls: readonly Call[]): Tri {
  return every(
    calls.map((call) => {
      const found = list(policy.Statement).map(
        (s) =>
          [(s as { Effect: string }).Effect, statementApplies(s as Record<string, Json>, call, policy.Version === '2012-10-17')] as const,
      );
      const some = (effect: string, applies: Tri) => found.some(([own, result]) => own === effect && result === applies);
      if (some('Deny', true)) return false;
      if (some('Allow', true)) return some('Deny', null) ? null : true;
      return some('Allow', null) ? null : false;
    }),
  );
}

function statementApplies(statement: Record<string, Json>, call: Call, variables: boolean): Tri {
  const principal = entries(statement.Principal).some(([kind, values]) => list(values).some((v) => call.isCaller(kind, String(v))));
  const named = (values: Json) => list(values).some((v) => like(String(v).toLowerCase(), call.action.toLowerCase()));
  const action = statement.NotAction === undefined ? named(statement.Action) : !named(statement.NotAction);
  return every([
    principal,
    action,
    ...entries(statement.Condition).flatMap(([operator, block]) =>
      entries(block).map(([key, values]) =>
        conditionHolds(operator, call.keys[key.toLowerCase()], list(values).map(String), call, variables),
      ),
    ),
  ]);
}

function conditionHolds(
  written: string,
  actual: readonly string[] | undefined,
  values: readonly string[],
  call: Call,
  variables: boolean,
): Tri {
  let operator = written;
  let set = '';
  if (/^(ForAllValues|ForAnyValue):/.test(operator)) [set, operator] = operator.split(':') as [string, string];
  const ifExists = operator.endsWith('IfExists');
  if (ifExists) operator = operator.slice(0, -8);
  if (operator === 'Null') return values.some((v) => v.toLowerCase() === (actual === undefined ? 'true' : 'false'));
  const negated = operator.includes('Not');
  if (negated && values.length === 0) return null;
  if (actual === undefined && set === 'ForAnyValue' && ifExists) return null;
  const base = operator.replace('Not', '');
  if (actual === undefined) return ifExists || set === 'ForAllValues' || (set === '' && negated);
  const holds = (a: string) => values.some((v) => one(base, v, a, call, variables)) !== negated;
  // Bool on equal texts that are neither "true" nor "false" is not documented.
  if (base === 'Bool' && actual.some((a) => !/^(true|false)$/i.test(a) && holds(a))) return null;
  return set === 'ForAllValues' ? actual.every(holds) : actual.some(holds);
}

function one(base: string, value: string, actual: string, call: Call, variables: boolean): boolean {
  if (base.startsWith('String')) {
    const parts = fill(value, call, variables);
    if (parts === undefined) return false;
    if (base === 'StringLike') return likeParts(parts, actual);
    const text = parts.map((p) => p.text).join('');
    return base === 'StringEqualsIgnoreCase' ? text.toLowerCase() === actual.toLowerCase() : text === actual;
  }
  if (base === 'Bool')
    return (
      fill(value, call, variables)
        ?.map((p) => p.text)
        .join('')
        .toLowerCase() === actual.toLowerCase()
    );
  if (base.startsWith('Arn')) {
    const [p, a] = [value.split(':'), actual.split(':')];
    const six = (parts: string[]) => [...parts.slice(0, 5), parts.slice(5).join(':')];
    return p.length >= 6 && a.length >= 6 && six(p).every((part, i) => like(part, six(a)[i]!));
  }
  const [x, y] = [Number(actual), Number(value)];
  if (!base.startsWith('Numeric') || actual.trim() === '' || Number.isNaN(x) || Number.isNaN(y)) return false;
  return { Equals: x === y, LessThan: x < y, LessThanEquals: x <= y, GreaterThan: x > y, GreaterThanEquals: x >= y }[
    base.slice('Numeric'.length)
  ]!;
}

interface Part {
  readonly text: string;
  readonly literal: boolean;
}

/** Replaces variables; undefined where one has no value. */
function fill(value: string, call: Call, variables: boolean): readonly Part[] | undefined {
  if (!variables) return [{ text: value, literal: false }];
  const parts: Part[] = [];
  for (const piece of value.split(/(\$\{[^}]*\})/)) {
    const content = /^\$\{([^}]*)\}$/.exec(piece)?.[1];
    if (content === undefined) parts.push({ text: piece, literal: false });
    else if (/^[*?$]$/.test(content)) parts.push({ text: content, literal: true });
    else {
      const [name, fallback] = content.split(/\s*,\s*/);
      const found = call.keys[name!.trim().toLowerCase()]?.[0] ?? fallback?.replace(/^'|'$/g, '');
      if (found === undefined) return undefined;
      parts.push({ text: found, literal: true });
    }
  }
  return parts;
}

const escape = (text: string) => text.replace(/[.+^${}()|[\]\\*?]/g, '\\$&');

function likeParts(parts: readonly Part[], actual: string): boolean {
  const source = parts
    .map((p) =>
      p.literal
        ? escape(p.text)
        : p.text
            .split(/([*?])/)
            .map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : escape(c)))
            .join(''),
    )
    .join('');
  return new RegExp(`^${source}$`).test(actual);
}

function like(pattern: string, actual: string): boolean {
  return likeParts([{ text: pattern, literal: false }], actual);
}

/** Whether IAM refuses a policy for its form: what the reference needs to know to say that nobody is allowed. */
export function referenceRefuses(policy: unknown): boolean {
  if (typeof policy !== 'object' || policy === null) return true;
  const known = (element: object, names: readonly string[]) => Object.keys(element).every((name) => names.includes(name));
  if (!known(policy, ['Version', 'Id', 'Statement'])) return true;
  const { Version, Statement } = policy as { Version?: string; Statement?: Json };
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') return true;
  const statements = list(Statement);
  return (
    statements.length === 0 ||
    statements.some((each) => {
      const statement = (each ?? {}) as Record<string, Json>;
      if (!known(statement, ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Condition'])) return true;
      const { Sid = '' } = statement;
      if (typeof Sid !== 'string' || !/^[A-Za-z0-9]*$/.test(Sid)) return true;
      return (
        (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') ||
        statement.Principal === undefined ||
        list(statement.Action).some((action) => !/^sts:/i.test(String(action)))
      );
    })
  );
}
