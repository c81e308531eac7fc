import { reading, type Carrier, type Findings, type Observation, type Reading, type ReadingKind, type Symptom } from '../evidence';

/** What the pastes come to: one pod, one role, one moment, as far as they agree. */
export interface Case {
  /** True where anything was pasted, recognised or not. */
  readonly pasted: boolean;
  readonly symptoms: readonly Symptom[];
  readonly observations: readonly Observation[];
  readonly role?: Reading;
  readonly namespace?: Reading;
  readonly serviceAccount?: Reading;
  readonly issuer?: Reading;
  readonly audiences: readonly Reading[];
  readonly mechanism?: 'irsa' | 'pod-identity';
  readonly region?: Reading;
  /** Versions of SDKs that are named. */
  readonly sdks: readonly Reading[];
  readonly environment: InjectedState;
  /** The CloudTrail event that has the request ID of a text, or that is the only one which failed. */
  readonly event?: Observation;
  /** True where a text and an event have the same request ID. */
  readonly joined: boolean;
  /** Kinds of readings that contradict each other: no certain answer may rest on one. */
  readonly contradicted: ReadonlySet<ReadingKind>;
}

/** The workload that the user picked. */
export interface Picked {
  readonly namespace: string;
  readonly name: string;
}

/** What the pod's variables show of a role. `unknown`: no variables were pasted. */
export interface InjectedState {
  readonly state: 'irsa' | 'pod-identity' | 'both' | 'none' | 'unknown';
  /** True where one variable of web identity is there without the other. */
  readonly half: boolean;
  /** True where all variables are there, so that an absent one is absent. */
  readonly whole: boolean;
  readonly keys: boolean;
  readonly profile: boolean;
  readonly proxyWithoutException: boolean;
}

/** Which carriers are believed before others: an event tells what was asked, a token what was shown, a variable what was given. */
const order: readonly Carrier[] = [
  'web-identity-event',
  'pod-identity-event',
  'token',
  'pod',
  'environment',
  'service-account',
  'text',
  'caller',
];

/**
 * Joins what was found.
 * @param pasted whether there was anything to find something in
 */
export function caseOf(findings: Findings, pasted = true): Case {
  const { event, joined, others } = eventOf(findings);
  const observations = findings.observations.filter((each) => !others.has(each));
  const ordered = [...observations].sort((a, b) => rank(a, event) - rank(b, event));
  const contradicted = new Set<ReadingKind>();
  const pick = (kind: ReadingKind, carriers: readonly Carrier[] = order): Reading | undefined => {
    const all = ordered
      .filter(({ carrier }) => carriers.includes(carrier))
      .flatMap(({ readings }) => readings.filter((each) => each.kind === kind));
    // What an error text names is its own subject; it counts where nothing else does.
    const named = findings.symptoms
      .filter(({ emitter }) => emitter !== 'CloudTrail')
      .flatMap(({ readings }) => readings.filter((each) => each.kind === kind));
    const told = [...all, ...(kind === 'namespace' || kind === 'serviceAccount' ? named : [])];
    const [first] = [...told].sort((a, b) => Number(a.sure === 'masked') - Number(b.sure === 'masked'));
    if (first && told.some((each) => each.sure !== 'masked' && !isSame(each, first))) contradicted.add(kind);
    return first;
  };
  // The caller of a refused call may be the node, or a second role; the role that a pod was given stands elsewhere.
  const role = pick(
    'role',
    order.filter((each) => each !== 'caller'),
  );
  const namespace = pick('namespace');
  const serviceAccount = pick('serviceAccount');
  const issuer = pick('issuer');
  const region = pick('region');
  const mechanism = ordered
    .map(({ readings }) => reading(readings, 'mechanism')?.value)
    .find((each): each is 'irsa' | 'pod-identity' => each === 'irsa' || each === 'pod-identity');
  const audiences = ordered.find(({ readings }) => reading(readings, 'audience'))?.readings.filter(({ kind }) => kind === 'audience') ?? [];
  return {
    pasted,
    symptoms: findings.symptoms.filter((each) => !isOfOtherEvent(each, others)),
    observations,
    ...(role ? { role } : {}),
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(issuer ? { issuer } : {}),
    audiences,
    ...(mechanism ? { mechanism } : {}),
    ...(region ? { region } : {}),
    sdks: distinct(observations.flatMap(({ readings }) => readings.filter(({ kind }) => kind === 'sdk'))),
    environment: injected(observations),
    ...(event ? { event } : {}),
    joined,
    contradicted,
  };
}

function rank(observation: Observation, event: Observation | undefined): number {
  return observation === event ? -1 : order.indexOf(observation.carrier) < 0 ? order.length : order.indexOf(observation.carrier);
}

/** A name and an ARN that ends in it are the same role. */
function isSame(a: Reading, b: Reading): boolean {
  if (a.value === b.value) return true;
  return a.kind === 'role' && (a.value.endsWith(`/${b.value}`) || b.value.endsWith(`/${a.value}`));
}

function distinct(readings: readonly Reading[]): Reading[] {
  return [...new Map(readings.map((each) => [each.value, each])).values()];
}

const isEvent = ({ carrier }: Observation): boolean => carrier === 'web-identity-event' || carrier === 'pod-identity-event';

/** The event that the pastes are about: that of a text's request ID; else the last one that failed. The rest is set aside. */
function eventOf({ observations }: Findings): {
  readonly event?: Observation;
  readonly joined: boolean;
  readonly others: ReadonlySet<Observation>;
} {
  const events = observations.filter((each) => isEvent(each) || each.carrier === 'event');
  if (events.length === 0) return { joined: false, others: new Set() };
  const ids = new Set(
    observations
      .filter(({ carrier }) => carrier === 'text')
      .flatMap(({ readings }) => readings.filter(({ kind }) => kind === 'requestId').map(({ value }) => value)),
  );
  const match = events.find((event) => {
    const own = reading(event.readings, 'requestId');
    if (own === undefined || !ids.has(own.value)) return false;
    return observations.some(
      (each) =>
        each.carrier === 'text' &&
        (each.paste !== event.paste || Math.abs((reading(each.readings, 'requestId')?.offset ?? 0) - own.offset) > 40) &&
        reading(each.readings, 'requestId')?.value === own.value,
    );
  });
  const failed = events.filter(({ errorCode }) => errorCode !== undefined && errorCode !== '');
  const event = match ?? failed.at(-1) ?? events.at(-1);
  const same = (other: Observation): boolean =>
    ['role', 'namespace', 'serviceAccount'].every((kind) => valueOf(other, kind as ReadingKind) === valueOf(event!, kind as ReadingKind));
  // Failures of others are other cases: which of them is meant is not known, unless a request ID says so.
  const others = events.filter((each) => each !== event && (match !== undefined || each.errorCode === '' || same(each)));
  return { ...(event ? { event } : {}), joined: match !== undefined, others: new Set(others) };
}

function valueOf(observation: Observation, kind: ReadingKind): string | undefined {
  return reading(observation.readings, kind)?.value;
}

function isOfOtherEvent({ emitter, readings }: Symptom, others: ReadonlySet<Observation>): boolean {
  if (emitter !== 'CloudTrail') return false;
  const id = reading(readings, 'requestId')?.value;
  return id !== undefined && [...others].some((each) => valueOf(each, 'requestId') === id);
}

function injected(observations: readonly Observation[]): InjectedState {
  const known = observations.flatMap(({ environment }) => environment ?? []);
  const states = new Set(known.map(({ names }) => stateOf(names)));
  // Pods that differ: which of them failed is not known.
  const pods = observations.filter(({ carrier }) => carrier === 'pod').length;
  if (known.length === 0 || (pods > 1 && states.size > 1))
    return { state: 'unknown', half: false, whole: false, keys: false, profile: false, proxyWithoutException: false };
  const has = (name: string): boolean => known.some(({ names }) => names.has(name));
  return {
    state: stateOf(new Set(known.flatMap(({ names }) => [...names]))),
    half: has('AWS_ROLE_ARN') !== has('AWS_WEB_IDENTITY_TOKEN_FILE'),
    whole: known.some(({ whole }) => whole),
    keys: has('AWS_ACCESS_KEY_ID') && (has('AWS_SECRET_ACCESS_KEY') || has('AWS_SESSION_TOKEN')),
    profile: has('AWS_PROFILE'),
    proxyWithoutException: (has('HTTP_PROXY') || has('http_proxy')) && !has('NO_PROXY') && !has('no_proxy'),
  };
}

/** What a container was given, by the names of its variables. */
function stateOf(names: ReadonlySet<string>): InjectedState['state'] {
  const irsa = names.has('AWS_ROLE_ARN') || names.has('AWS_WEB_IDENTITY_TOKEN_FILE');
  const podIdentity = names.has('AWS_CONTAINER_CREDENTIALS_FULL_URI') || names.has('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE');
  return irsa && podIdentity ? 'both' : irsa ? 'irsa' : podIdentity ? 'pod-identity' : 'none';
}
