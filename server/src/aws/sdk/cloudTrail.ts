import type { LookupQuestion } from '../../core/diagnose/lookup';
import { partitionOfRegion } from '../../core/model/partitions';
import { AwsError, type AwsErrorCode } from '../gateway';
import type { Connection } from './connection';
import { callPause, EventPages, type EventStream } from './lookupEvents';
import { foundNotes, noneNotes, type Search } from './trailNotes';
import { matchOf, readTrailEvent, type TrailEvent } from './trailEvent';

/* Entry of dist/cloudtrail.js. */

const hours = 24;
const mostCalls = 10;
const mostEvents = 5;
/** Where the global endpoint of STS writes its events. */
const globalRegion = 'us-east-1';
/** What may go wrong in one region alone. */
const regional: readonly AwsErrorCode[] = ['access-denied', 'region-disabled', 'no-network', 'throttled', 'failed'];

/** What CloudTrail gave: events as JSON without credentials, the last one last, and sentences on what was asked. */
export interface LookedUp {
  readonly events: readonly string[];
  readonly notes: readonly string[];
}

export interface LookUpOptions {
  readonly signal?: AbortSignal;
  /** The end of the 24 hours; by default now. */
  readonly now?: Date;
  /** Milliseconds between two calls; by default what the quota of LookupEvents asks for. */
  readonly pause?: number;
}

/**
 * Looks the requests of a pasted error up in CloudTrail: by request ID, else the last failures of a role, within 24 hours,
 * with at most 10 calls. What AWS refuses and a cancelled lookup are told in the notes.
 * @param open gives the connection; called only where there is something to look for.
 */
export async function lookUp(
  open: () => Connection | Promise<Connection>,
  question: LookupQuestion,
  options: LookUpOptions = {},
): Promise<LookedUp> {
  if (question.answered) return { events: [], notes: ["CloudTrail wasn't queried: the paste already holds the event of its request ID."] };
  if (question.requestIds.length === 0 && question.roleArn === undefined)
    return { events: [], notes: ["CloudTrail wasn't queried: the paste names no request ID and no role ARN to look up."] };
  try {
    return await search(await open(), question, options);
  } catch (error) {
    if (options.signal?.aborted) return { events: [], notes: ['The lookup in CloudTrail was cancelled.'] };
    if (!AwsError.is(error)) throw error;
    return { events: [], notes: [`CloudTrail wasn't queried: ${error.message} ${error.next}`] };
  }
}

async function search(connection: Connection, question: LookupQuestion, { signal, now, pause }: LookUpOptions): Promise<LookedUp> {
  const until = now ?? new Date();
  const since = new Date(until.getTime() - hours * 3_600_000);
  const pages = new EventPages(connection.sdk, { since, until, pause: pause ?? callPause, signal });
  const regions = regionsOf(question, connection.region);
  const found = new Map<string, TrailEvent & { readonly region: string }>();
  const others = new Set<string>();
  const state: Search = { question, hours, asked: [], failed: [], events: 0, whole: true, others };
  for (const [i, region] of regions.entries()) {
    const limit = pages.calls + Math.floor((mostCalls - pages.calls) / (regions.length - i));
    const streams: EventStream[] = eventNames(question).map((eventName) => ({ region, eventName, done: false }));
    try {
      while (found.size === 0 && pages.calls < limit && streams.some(({ done }) => !done)) {
        for (const stream of streams) {
          if (stream.done || pages.calls >= limit) continue;
          const page = await pages.next(stream);
          state.events += page.length;
          for (const { CloudTrailEvent } of page) {
            const event = readTrailEvent(CloudTrailEvent);
            const match = event && matchOf(event, question);
            if (event && match === 'match') found.set(event.id, { ...event, region });
            else if (event && match === 'other') others.add(event.id);
          }
        }
      }
      state.asked.push(region);
      if (streams.some(({ done }) => !done)) state.whole = false;
      if (found.size > 0) break;
    } catch (error) {
      if (signal?.aborted || !AwsError.is(error)) throw error;
      state.failed.push({ region, error });
      if (!regional.includes(error.code)) break;
    }
  }
  const events = [...found.values()].sort((a, b) => a.time - b.time).slice(-mostEvents);
  const last = events.at(-1);
  const notes = last ? foundNotes(state, events, last) : noneNotes(state, await foreignAccount(connection, state, signal));
  return { events: events.map(({ json }) => json), notes };
}

/** Where the events of a request may be: its region, that of the profile, and that of the global endpoint, which is in one partition only. */
function regionsOf({ regions, roleArn }: LookupQuestion, own: string | undefined): string[] {
  const named = [...regions, ...(own === undefined ? [] : [own])];
  const partition = roleArn?.split(':')[1] ?? partitionOfRegion(named[0] ?? globalRegion)?.id;
  return [...new Set([...named, globalRegion])].filter((region) => partitionOfRegion(region)?.id === partition);
}

/** Pod Identity writes two events: EKS's call of STS names the role, the pod's call of EKS has the request ID that its logs show. */
function eventNames({ mechanism, requestIds }: LookupQuestion): string[] {
  const podIdentity = ['AssumeRole', ...(requestIds.length > 0 ? ['AssumeRoleForPodIdentity'] : [])];
  if (mechanism === 'irsa') return ['AssumeRoleWithWebIdentity'];
  return mechanism === 'pod-identity' ? podIdentity : ['AssumeRoleWithWebIdentity', ...podIdentity];
}

/** The account of the credentials, where the role is in another: its events are there. */
async function foreignAccount(connection: Connection, { question, asked }: Search, signal?: AbortSignal): Promise<string | undefined> {
  const account = question.roleArn?.split(':')[4];
  if (account === undefined || asked.length === 0) return undefined;
  try {
    const own = (await connection.gateway.identity(signal)).account;
    return own === account ? undefined : own;
  } catch (error) {
    if (signal?.aborted || !AwsError.is(error)) throw error;
    return undefined;
  }
}
