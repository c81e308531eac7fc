import type { Rule, RuleContext } from './rule';
import { conditionsOn, denyMayNarrow } from './trust/restrictions';
import { shown } from '../text/shown';
import { podStatements, type PodStatement } from './trust/statements';
import type { Atom } from './trust/atoms';
import { isTooWide, type Width } from './trust/width';

const doc = `
Finds patterns of subjects that reach over namespaces: \`*\` for every namespace, a prefix without a separator
(\`demo*:app\` admits \`demo-evil\`), one star that spans namespace and account (\`system:serviceaccount:demo*\`).

## Why

\`*\` stands for any characters, colons too. Whoever may make a namespace whose name the pattern matches, and an account
in it, may take the role.

## Wrong

\`\`\`json
"StringLike": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo*:app"
}
\`\`\`

## Right

\`\`\`json
"StringLike": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:*"
}
\`\`\`

All accounts of one namespace (\`demo:*\`), a prefix of accounts (\`demo:app-*\`) and a star beside a separator (\`pr-*:app\`,
as preview environments have it) are left alone.

## When to turn it off

On clusters where only trusted people make namespaces.
`;

/** A pattern of subjects lets in more namespaces than one would think. */
export const subjectTooWide: Rule = {
  id: 'subject-too-wide',
  level: 'warning',
  title: 'The subject pattern reaches over namespaces',
  fixable: false,
  since: '0.1.0',
  source: 'IAM user guide, reference_policies_elements_condition_operators (StringLike); Kubernetes name rules',
  doc,
  checks: {
    trustPolicy(fact, context) {
      for (const statement of podStatements(fact)) {
        if (!statement.irsa || statement.effect !== 'Allow') continue;
        const positive = conditionsOn('sub', statement).filter(
          (atom) => atom.operator.like && !atom.operator.negated && atom.ours !== false,
        );
        for (const atom of positive) {
          if (isNarrowed(atom, statement, context)) continue;
          for (const value of atom.values) {
            const width = isTooWide(value);
            if (width) context.report({ doc: fact.doc, span: value.span, message: message(width) });
          }
        }
      }
    },
  },
};

/** Another condition on the subject, or a Deny that looks at it, may keep the others out. */
function isNarrowed(atom: Atom, statement: PodStatement, context: RuleContext): boolean {
  const others = conditionsOn('sub', statement).filter((other) => other !== atom);
  return (
    others.some((other) => other.operator.negated || !other.values.some((value) => isTooWide(value))) ||
    denyMayNarrow('sub', statement, context)
  );
}

function message(width: Width): string {
  switch (width.kind) {
    case 'all':
      return 'This pattern takes every service account of every namespace, so every pod of the cluster may take this role. Name the namespace.';
    case 'any-namespace':
      return `This pattern takes ${shown(width.name)} of any namespace: whoever may make a namespace with such an account may take this role. Name the namespace.`;
    case 'namespaces':
      return `The namespace ${shown(width.pattern)} also takes ${shown(width.example)}: whoever may make such a namespace may take this role. Name the namespaces, or end the prefix with a separator.`;
    case 'spans':
      return `The star spans namespace and account, so that ${shown(width.example)} may take this role too. Write a colon after the namespace: system:serviceaccount:<namespace>:*.`;
  }
}
