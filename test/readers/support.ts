import { readFacts } from '../../server/src/core/readers/registry';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import type { AnnotationFact, Fact, ServiceAccountFact, WorkloadFact } from '../../server/src/core/model/facts';

/** The facts of a text as a workspace's file would give them. A reader that throws fails the test. */
export function read(text: string, name = 'k8s/file.yaml'): Fact[] {
  return readSourceFile(`file:///${name}`, text).documents.flatMap((document) =>
    readFacts(document, (reader, error) => {
      throw new Error(`${reader} threw: ${String(error)}`);
    }),
  );
}

export function only<K extends Fact['kind']>(facts: readonly Fact[], kind: K): Extract<Fact, { kind: K }>[] {
  return facts.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind);
}

/** `place key=value` of every annotation, in order; `(type)` where the value is no string. */
export function annotations(text: string, name?: string): string[] {
  return only(read(text, name), 'annotation').map(describeAnnotation);
}

export function describeAnnotation(fact: AnnotationFact): string {
  const value = fact.value ? `=${fact.value.value}` : '';
  return `${fact.place} ${fact.key.value}${value}${fact.valueType === 'string' ? '' : ` (${fact.valueType})`}`;
}

/** `origin namespace/name role` of every account; `?` for what is not said. */
export function accounts(text: string, name?: string): string[] {
  return only(read(text, name), 'serviceAccount').map(describeAccount);
}

export function describeAccount(fact: ServiceAccountFact): string {
  return `${fact.origin} ${fact.namespace?.value ?? '?'}/${fact.name?.value ?? '?'} ${fact.roleArn?.value?.value ?? '-'}`;
}

/** `kind namespace/name account` of every use; `-` for none, `?` where a template may name one. */
export function workloads(text: string, name?: string): string[] {
  return only(read(text, name), 'workload').map(describeWorkload);
}

export function describeWorkload(fact: WorkloadFact): string {
  const account = fact.serviceAccountName?.value ?? (fact.open ? '?' : '-');
  return `${fact.objectKind} ${fact.namespace?.value ?? '?'}/${fact.name?.value ?? '?'} ${account}`;
}
