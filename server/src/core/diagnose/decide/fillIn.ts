import type { FileAnswer } from '../files/port';
import { reading, type ReadingKind } from '../evidence';
import { pickWorkload } from '../symptoms/advice';
import type { Conclusion } from '../diagnosis';
import type { Case, Picked } from './case';

/** Names that Kubernetes, EKS and IAM accept: none of them needs quotes in a shell, or is an option. */
const forms = {
  kubernetes: /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
  cluster: /^[A-Za-z0-9][\w-]{0,99}$/,
  role: /^[\w+=,.@][\w+=,.@-]{0,63}$/,
} as const;

/**
 * What to paste or run next, with the names in capitals that are known filled in: the user's own words before what was
 * pasted, that before the files. Values that aren't valid names, and so may be anything, are left out.
 */
export function fillIn(conclusion: Conclusion, known: Case, answers: readonly FileAnswer[], picked: Picked | undefined): Conclusion {
  const [answer] = answers;
  const told = (kind: ReadingKind): string | undefined => {
    const values = [...known.observations, ...known.symptoms].flatMap(({ readings }) => {
      const found = reading(readings, kind);
      return found?.sure === 'told' ? [found.value] : [];
    });
    return new Set(values).size === 1 ? values[0] : undefined;
  };
  const role = told('role') ?? answer?.roleArn;
  const values: readonly (readonly [placeholder: RegExp, value: string | undefined, form: RegExp])[] = [
    [/\bPOD\b/g, told('pod'), forms.kubernetes],
    [/\bNAMESPACE\b(?!\/)/g, picked?.namespace ?? told('namespace') ?? answer?.namespace, forms.kubernetes],
    [/\bCLUSTER\b/g, told('cluster') ?? answer?.cluster, forms.cluster],
    [/\bROLE\b/g, role?.slice(role.lastIndexOf('/') + 1), forms.role],
    [/(?<=serviceaccount )NAME\b/g, told('serviceAccount') ?? answer?.name, forms.kubernetes],
  ];
  const filled = (text: string): string =>
    values.reduce(
      (line, [placeholder, value, form]) => (value !== undefined && form.test(value) ? line.replace(placeholder, value) : line),
      text,
    );
  return {
    ...conclusion,
    next: conclusion.next.filter((each) => !picked || each !== pickWorkload).map(filled),
    alternatives: conclusion.alternatives.map((each) => ({ ...each, tell: filled(each.tell) })),
  };
}
