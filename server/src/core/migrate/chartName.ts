import { literal } from '../text/texts';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';

/** Folders that charts keep the values of their environments in. */
const valuesFolder = /^(?:values|environments?|envs?|config)$/i;
/** So many folders above a values file may be its chart's. */
const deepest = 2;

/**
 * The name that a chart's own values give the account of an annotation in another values file, as `values-prod.yaml` beside
 * `values.yaml`, `values/prod.yaml` or `environments/prod/values.yaml` below it: Helm lays those over these. Undefined where the
 * annotation's own values say the name, or the chart's don't. A pipeline may set another, so this alone is no proof.
 * Source: Helm, Values Files.
 */
export function nameInChart({ account }: Pick<Chain, 'account'>, wiring: Pick<Wiring, 'facts'>): string | undefined {
  const { origin, valuesPath, name, doc } = account;
  if (origin !== 'values' || valuesPath === undefined || valuesPath.includes('[') || (name && name.value !== '')) return undefined;
  for (const folder of chartFolders(doc.uri)) {
    for (const file of [`${folder}/values.yaml`, `${folder}/values.yml`]) {
      const facts = file === doc.uri ? [] : wiring.facts(file);
      const own = facts.find((fact) => fact.kind === 'serviceAccount' && fact.origin === 'values' && fact.valuesPath === valuesPath);
      if (own?.kind === 'serviceAccount') return literal(own.name) || undefined;
    }
  }
  return undefined;
}

/** The folders that may be the chart's of a values file: its own, and those above a folder of values. */
function chartFolders(uri: string): string[] {
  const parts = uri.split('/').slice(0, -1);
  const found = [parts.join('/')];
  const at = parts.slice(-deepest).findIndex((part) => valuesFolder.test(part));
  if (at >= 0) found.push(parts.slice(0, parts.length - Math.min(deepest, parts.length) + at).join('/'));
  return found;
}
