import type { Finding, Level, Rule } from './rule';
import type { SuppressedId, Suppression } from './suppressions';
import { nearest } from '../text/nearest';

/** The engine itself makes its findings, once all rules have spoken: see {@link auditSuppressions}. */
export const unusedSuppression: Rule = {
  id: 'unused-suppression',
  level: 'info',
  title: 'A comment turns off a rule that finds nothing there',
  fixable: true,
  since: '0.1.0',
  source: 'Pod Roles, contract.md: a suppression that suppresses nothing is reported',
  doc: `A comment such as \`# pod-roles-disable-next-line ID\` that suppresses nothing, or that names a rule which does not exist.

## Why
A suppression that has outlived its finding will hide the next one, which may be real. A misspelt id suppresses nothing, so that the finding stays.

A comment without ids turns off all rules. Several ids are separated by commas; what follows \` -- \` is a reason for readers.

| comment | turns rules off for |
|---|---|
| \`# pod-roles-disable-next-line ID\` | the next line that is no comment |
| \`# pod-roles-disable-line ID\` | its own line |
| \`# pod-roles-disable-file ID\` | the whole file, all its documents |

In JSON with comments \`//\` and \`/* */\` serve as well; plain JSON and whole folders are set in \`pod-roles.yaml\`.

## Wrong
\`\`\`yaml
metadata:
  annotations:
    # pod-roles-disable-next-line role-arn-malformed
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right
\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## When to turn it off
When files are shared with an older version of Pod Roles that finds more, or fewer, things.
`,
  checks: {},
};

/**
 * Applies suppressions to findings.
 * @returns what is left, and the findings on the suppressions themselves.
 */
export function auditSuppressions(
  findings: readonly Finding[], suppressions: readonly Suppression[], rules: readonly Rule[], levels: ReadonlyMap<string, Level>,
): { kept: Finding[]; audit: Finding[] } {
  if (suppressions.length === 0) return { kept: [...findings], audit: [] };
  const used = new Set<Suppression | SuppressedId>();
  const kept = findings.filter((finding) => {
    let hidden = false;
    for (const suppression of suppressions) {
      if (!covers(suppression, finding)) continue;
      const id = suppression.ids.find((each) => each.id === finding.rule);
      if (!id && suppression.ids.length > 0) continue;
      used.add(id ?? suppression);
      hidden = true;
    }
    return !hidden;
  });
  const level = levels.get(unusedSuppression.id) ?? unusedSuppression.level;
  if (level === 'off') return { kept, audit: [] };
  const known = new Set(rules.map((rule) => rule.id));
  const silenced = suppressions.some((s) => s.kind === 'file' && s.ids.some((each) => each.id === unusedSuppression.id));
  if (silenced) return { kept, audit: [] };
  return { kept, audit: suppressions.flatMap((s) => audit(s, used, known, levels)).map((f) => ({ ...f, level })) };
}

function covers(suppression: Suppression, finding: Finding): boolean {
  if (suppression.kind === 'file') return true;
  if (suppression.doc.index !== finding.at.doc.index) return false;
  const { start } = finding.at.span;
  return start >= suppression.covers.start && start <= suppression.covers.end;
}

function audit(
  suppression: Suppression, used: ReadonlySet<Suppression | SuppressedId>, known: ReadonlySet<string>, levels: ReadonlyMap<string, Level>,
): Omit<Finding, 'level'>[] {
  const where = { 'next-line': 'the next line', line: 'this line', file: 'this file' }[suppression.kind];
  const at = (span: Suppression['span']) => ({ doc: suppression.doc, span });
  const base = { rule: unusedSuppression.id, related: [] };
  if (suppression.ids.length === 0) {
    if (used.has(suppression)) return [];
    return [{ ...base, at: at(suppression.span), fixes: [], message: `No rule finds anything in ${where}, so this comment turns nothing off. Take it out.` }];
  }
  return suppression.ids.flatMap((id) => {
    if (used.has(id) || id.id === unusedSuppression.id) return [];
    if (known.has(id.id)) {
      // A rule that the settings turn off finds nothing; that is no news about the comment.
      if (levels.get(id.id) === 'off') return [];
      return [{ ...base, at: at(id.span), fixes: [], message: `${id.id} finds nothing in ${where}, so this turns nothing off. Take it out.` }];
    }
    const meant = nearest(id.id, known);
    return [{
      ...base, at: at(id.span),
      message: `There is no rule "${id.id}", so this turns nothing off.${meant ? ` Did you mean ${meant}?` : ' `pod-roles rules` lists them.'}`,
      fixes: meant ? [{ title: `Change the rule to ${meant}`, safe: false, edits: [{ doc: suppression.doc, span: id.span, newText: meant, judged: { value: id.id, encodings: [] } }] }] : [],
    }];
  });
}
