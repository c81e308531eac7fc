import type { Reading } from '../evidence';
import { read, type Prepared, type Recogniser } from './recogniser';
import { regionForm, roleReadings } from './values';

const assignment =
  /(?:^|[\s"'[,`])(?:export |declare -x |ENV |- )?([A-Z][A-Z0-9_]{2,60})=(?:"([^"\n]{0,400})"?|'([^'\n]{0,400})'?|([^\s"',\]`]{0,400}))/gm;
/** What every pod has, and no laptop: with them the listing is all of a container's. */
const everyPod = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBERNETES_PORT'];
const ours = /^(?:AWS_|HTTPS?_PROXY$|NO_PROXY$)/;

/** `env`, `printenv`, `export -p`, `docker inspect`: the variables of a container. */
export const environment: Recogniser = {
  name: 'env',
  read(paste, found) {
    if (!paste.text.includes('=')) return;
    const variables = new Map<string, string>();
    const names = new Set<string>();
    let offset: number | undefined;
    let count = 0;
    for (const match of paste.text.matchAll(assignment)) {
      if (++count > 20_000) break;
      const name = match[1]!;
      names.add(name);
      if (!ours.test(name)) continue;
      offset ??= match.index;
      if (!variables.has(name)) variables.set(name, match[2] ?? match[3] ?? match[4] ?? '');
    }
    if (offset === undefined) return;
    const whole = names.has('PATH') && everyPod.some((name) => names.has(name));
    found.observe({
      carrier: 'environment',
      paste: paste.paste,
      offset: paste.at(offset),
      readings: environmentReadings(paste, variables, offset, 'the environment'),
      environment: { names, whole },
    });
  },
};

/** What the variables tell: the role, the mechanism, the region, the cluster's name in a session. */
export function environmentReadings(paste: Prepared, variables: ReadonlyMap<string, string>, offset: number, from: string): Reading[] {
  const readings: Reading[] = [];
  const role = variables.get('AWS_ROLE_ARN');
  if (role !== undefined)
    readings.push(...roleReadings(paste, role, 0, `AWS_ROLE_ARN in ${from}`).map((each) => ({ ...each, offset: paste.at(offset) })));
  if (variables.has('AWS_WEB_IDENTITY_TOKEN_FILE') && role !== undefined) readings.push(read(paste, 'mechanism', 'irsa', offset, from));
  else if (variables.has('AWS_CONTAINER_CREDENTIALS_FULL_URI')) readings.push(read(paste, 'mechanism', 'pod-identity', offset, from));
  const region = variables.get('AWS_REGION') ?? variables.get('AWS_DEFAULT_REGION');
  if (region !== undefined && regionForm.test(region)) readings.push(read(paste, 'region', region, offset, from));
  return readings;
}
