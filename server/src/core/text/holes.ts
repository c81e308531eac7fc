import type { Hole } from './text';

/** What the surroundings of a value make of `${…}` and of bare words. */
export interface HoleOptions {
  /**
   * `any` (default): whatever tool renders the file. `sub`: CloudFormation's Fn::Sub, where every
   * `${…}` is a hole but `${!…}`.
   */
  readonly dialect?: 'any' | 'sub';
  /** True for a mapping's key: then a bare word in capitals is a name, not a placeholder. */
  readonly key?: boolean;
}

/** The longest template expression that is looked for, so that unclosed ones cost linear time. */
const LONGEST = 4000;
/** The same where nesting is counted character by character. */
const LONGEST_BALANCED = 600;

const none: readonly Hole[] = [];

/** Cheap test: without any of these no hole can be. */
const possible = /[$<[{%@#…\uE000]|__|\*{4}|\.\.\.|[A-Z]{2}|[A-Z]_|[xX]{3}|your|account|Your|\/id\//;

/** One alternative a form, tried in this order at each offset. Each is linear and bounded. */
// eslint-disable-next-line no-restricted-syntax -- made of the literals below
const forms = new RegExp(
  [
    String.raw`(?<mask>\uE000\uE001*)`,
    String.raw`(?<escaped>\$\$\{)`,
    String.raw`(?<open>\$\{|\$\(|\{\{|\{%|\{#|%\{)`,
    String.raw`(?<dollar>\$[A-Za-z_][A-Za-z0-9_]+)`,
    String.raw`(?<angle><{1,2}[A-Za-z0-9_][\w .,:/'-]{0,80}>{1,2})`,
    String.raw`(?<square>\[[A-Za-z0-9_][A-Za-z0-9_ -]{1,80}\])`,
    String.raw`(?<curly>\{[A-Za-z0-9_][\w-]{0,80}\})`,
    String.raw`(?<format>%(?:\[\d{1,2}\])?(?:[svq]|d(?![0-9A-Fa-f])))`,
    String.raw`(?<underscores>(?<!\w)__[A-Za-z][\w-]{0,80}?__(?!\w))`,
    String.raw`(?<ats>@@[\w-]{1,80}@@|(?<!\w)@[A-Z][A-Z0-9_]{1,80}@(?!\w))`,
    String.raw`(?<masked>(?<![\w*#])[0-9Xx*#]{12}(?![\w*#]))`,
    String.raw`(?<exes>(?<![A-Za-z0-9])(?:[A-Z0-9]{0,60}X{4}[A-Z0-9]{0,60}|[Xx]{3,60})(?![A-Za-z0-9]))`,
    String.raw`(?<dots>(?<![\w.])\.\.\.(?![\w.])|…)`,
    String.raw`(?<caps>(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_]))`,
    String.raw`(?<word>(?<![A-Za-z0-9_-])(?:your[-_][\w-]*\w|Your[A-Z]\w*|(?:my[-_]|aws[-_])?account[-_]id|accountid|AccountId)(?![A-Za-z0-9_-]))`,
    // An ID of EKS has letters and digits alone: with a dash it stands for one (OIDC-ID, cluster_id).
    String.raw`(?<cluster>(?<=amazonaws\.com(?:\.cn)?\/id\/)[A-Za-z]+(?:[-_][A-Za-z]+)+(?![\w-]))`,
    String.raw`(?<segment>(?<![^:/])[A-Z][A-Z]+(?![^:/]))`,
  ].join('|'),
  'g',
);

/** Whole segments in capitals that stand for something else. */
const segmentWords = new Set(
  (
    'ACCOUNT ACCOUNTID NAMESPACE REGION CLUSTER CLUSTERNAME ROLE ROLENAME NAME ID OIDC OIDCID OIDCPROVIDER EXAMPLE ' +
    'ISSUER PROVIDER PARTITION SERVICEACCOUNT SERVICEACCOUNTNAME SA USER USERNAME ENV ENVIRONMENT STAGE PROJECT APP ' +
    'TENANT TEAM PLACEHOLDER CHANGEME REPLACEME TODO TBD'
  ).split(' '),
);

/**
 * The parts of a value that no file tells, in order and without overlap. IAM's own policy variables
 * (`${aws:username}`, `${*}`) are literal text. Linear in the value's length.
 */
export function findHoles(value: string, options: HoleOptions = {}): readonly Hole[] {
  if (!possible.test(value)) return none;
  const holes: Hole[] = [];
  const compound = /[:/]/.test(value);
  const closings = new Closings(value);
  const spaces = new Spaces(value);
  forms.lastIndex = 0;
  for (let match = forms.exec(value); match; match = forms.exec(value)) {
    const start = match.index;
    const groups = match.groups!;
    if (groups.escaped !== undefined) {
      forms.lastIndex = Math.max(start + 3, closings.end(start + 1) ?? 0);
      continue;
    }
    const end = groups.open === undefined ? start + match[0].length : closings.end(start);
    const named = end === undefined ? undefined : judge(groups, value, start, end, compound, options, spaces);
    if (end === undefined || named === undefined) {
      // An IAM variable is passed over whole; anything else may hide a hole in its middle.
      forms.lastIndex = end !== undefined && groups.open !== undefined ? end : start + 1;
      continue;
    }
    holes.push({ start, end, source: value.slice(start, end), named });
    forms.lastIndex = end;
  }
  return holes;
}

/** Whether a candidate is a hole: true and false tell `named`, undefined that it is literal text. */
function judge(
  groups: Record<string, string | undefined>,
  value: string,
  start: number,
  end: number,
  compound: boolean,
  options: HoleOptions,
  spaces: Spaces,
): boolean | undefined {
  const source = value.slice(start, end);
  if (groups.open !== undefined) return groups.open === '${' ? dollarBrace(source, options) : isNamed(source);
  if (groups.square !== undefined) return square(value, start, end) && !inProse(value, start, end, spaces) ? true : undefined;
  if (groups.masked !== undefined) return /^\d+$/.test(source) || !/[Xx*#]{3}/.test(source) ? undefined : false;
  if (groups.mask !== undefined) return false; // syntax/template/mask.ts put it there, and takes it away
  if (groups.exes !== undefined || groups.dots !== undefined || groups.format !== undefined) return false;
  if (groups.caps !== undefined) {
    const whole = start === 0 && end === value.length;
    if (whole && options.key) return undefined;
    if (whole || !compound) return /^AWS_(?!ACCOUNT)/.test(source) || !(whole || spaces.last < 0) ? undefined : true;
    const quoted = value[start - 1] === '"' || value[end] === '"'; // JSON in a string: read by itself
    return quoted || inProse(value, start, end, spaces) ? undefined : true;
  }
  if (groups.segment !== undefined) {
    if (start === 0 && end === value.length) return !options.key && source.length > 5 && segmentWords.has(source) ? true : undefined;
    const inAccount = value.startsWith('::', start - 2) && value[end] === ':';
    return inAccount || segmentWords.has(source) ? true : undefined;
  }
  // `$ref`, `$schema`: names of their own in the lower case.
  if (groups.dollar !== undefined && options.key && start === 0 && end === value.length && /[a-z]/.test(source)) return undefined;
  if (groups.word !== undefined && options.key && start === 0 && end === value.length) return undefined;
  return true;
}

/** True in a value of several words where neither neighbour joins the match to an ARN or a subject. */
function inProse(value: string, start: number, end: number, spaces: Spaces): boolean {
  if (/[:/]/.test(value[start - 1] ?? ' ') || /[:/]/.test(value[end] ?? ' ')) return false;
  return spaces.first < start || spaces.last >= end;
}

/** Where the first and the last white space of a value stand: looked up once, for a value may hold thousands of candidates. */
class Spaces {
  private known: { readonly first: number; readonly last: number } | undefined;

  constructor(private readonly value: string) {}

  get first(): number {
    return this.look().first;
  }

  get last(): number {
    return this.look().last;
  }

  private look(): { readonly first: number; readonly last: number } {
    if (this.known) return this.known;
    const first = this.value.search(/\s/);
    let last = first < 0 ? -1 : this.value.length - 1;
    while (last > first && !/\s/.test(this.value[last]!)) last--;
    return (this.known = { first: first < 0 ? Infinity : first, last });
  }
}

/** `${…}`: a hole, unless it is a policy variable of IAM. Source: IAM guide, reference_policies_variables. */
function dollarBrace(source: string, options: HoleOptions): true | undefined {
  const content = source.slice(2, -1);
  if (options.dialect === 'sub') return content.startsWith('!') ? undefined : true;
  return isPolicyVariable(content) ? undefined : true;
}

/** Whether the inside of `${…}` is a policy variable: `aws:username`, `aws:PrincipalTag/x, 'none'`, `*`. */
export function isPolicyVariable(content: string): boolean {
  if (content === '*' || content === '?' || content === '$') return true;
  const match = /^\s*([A-Za-z0-9][\w./-]*):([A-Za-z][^{}"]*)$/.exec(content);
  // A shell default such as ${VAR:-x} has no letter after the colon; ${VAR:x} has a shell name before it.
  return match !== null && !/^[A-Z0-9_]+$/.test(match[1]!) && !serverless.has(match[1]!);
}

/** What the Serverless Framework fills in, none of them a prefix of IAM's keys. Source: Serverless Framework, variables. */
const serverless: ReadonlySet<string> = new Set(['self', 'opt', 'env', 'param', 'sls', 'git', 'cf', 'output', 'terraform', 'file']);

/** False for expressions whose value changes with their place, such as a loop's `{{ . }}`, and for Jinja's comments. */
export function isNamed(source: string): boolean {
  return !source.startsWith('{#') && !/^\{\{-?\s*[.$]?\s*-?\}\}$/.test(source);
}

/** `[YOUR_ID]` is a placeholder; `[a-z]`, `[0]` and `x[abc]y` are something else. */
function square(value: string, start: number, end: number): boolean {
  const content = value.slice(start + 1, end - 1);
  if (!/[A-Za-z]{2}/.test(content)) return false;
  if (/^(?:[A-Za-z0-9]-[A-Za-z0-9]|_|-)+$/.test(content)) return false;
  const inWord = /\w/.test(value[start - 1] ?? '') || /[\w*+?{]/.test(value[end] ?? '');
  return !inWord || /^[A-Z][A-Z0-9]*(?:[_ -][A-Z0-9]+)+$/.test(content);
}

/**
 * Finds where template expressions end, nested braces minded. One a text: it remembers where the next
 * closers stand, so that a text full of openers without a closer costs linear time.
 */
export class Closings {
  private readonly next = new Map<string, number>();

  constructor(private readonly text: string) {}

  /** The end of the expression that opens at `start` with `{{`, `{%`, `{#`, `%{`, `${` or `$(`; undefined when unclosed. */
  end(start: number): number | undefined {
    const two = this.text.slice(start, start + 2);
    switch (two) {
      case '{{':
        return this.goEnd(start);
      case '{%':
      case '{#':
        return this.after(two === '{%' ? '%}' : '#}', start + 2, LONGEST);
      case '$(':
        return this.balanced(start, '(', ')');
      default:
        return this.balanced(start, '{', '}');
    }
  }

  private goEnd(start: number): number | undefined {
    const { text } = this;
    if (/^\{\{-?\s*\/\*/.test(text.slice(start, start + 20))) {
      const comment = this.after('*/', start, Infinity);
      return comment === undefined ? undefined : this.after('}}', comment, LONGEST);
    }
    const end = this.after('}}', start + 2, LONGEST);
    if (end === undefined) return undefined;
    // Go's raw strings may hold braces: {{`{{ x }}`}}.
    let open = false;
    for (let i = start; i < end; i++) if (text[i] === '`') open = !open;
    const close = open ? this.after('`', end, LONGEST) : undefined;
    return (close === undefined ? undefined : this.after('}}', close, LONGEST)) ?? end;
  }

  /** The offset after the next `what` at or after `from`, where it is near. */
  private after(what: string, from: number, limit: number): number | undefined {
    let at = this.next.get(what);
    if (at === undefined || at < from) {
      at = this.text.indexOf(what, from);
      if (at < 0) at = Infinity;
      this.next.set(what, at);
    }
    return at - from > limit || at === Infinity ? undefined : at + what.length;
  }

  private balanced(start: number, opener: string, closer: string): number | undefined {
    if (this.after(closer, start, LONGEST_BALANCED) === undefined) return undefined;
    const limit = Math.min(this.text.length, start + LONGEST_BALANCED);
    let depth = 0;
    for (let i = start + 1; i < limit; i++) {
      const char = this.text[i];
      if (char === opener) depth++;
      else if (char === closer && --depth === 0) return i + 1;
    }
    return undefined;
  }
}
