import type { LookupQuestion } from '../../core/diagnose/lookup';
import type { AwsError } from '../gateway';
import type { TrailEvent } from './trailEvent';

/** What was asked of CloudTrail, and how far it got. */
export interface Search {
  readonly question: LookupQuestion;
  readonly hours: number;
  /** Regions that answered. */
  readonly asked: string[];
  readonly failed: { readonly region: string; readonly error: AwsError }[];
  /** How many events were read. */
  events: number;
  /** False where older events were left. */
  whole: boolean;
  /** Failures of the role that aren't meant. */
  readonly others: ReadonlySet<string>;
}

/** Sentences on what was found. */
export function foundNotes(
  { question, hours, failed }: Search,
  events: readonly TrailEvent[],
  last: TrailEvent & { readonly region: string },
): string[] {
  const time = last.time === 0 ? 'unknown time' : new Date(last.time).toISOString().replace('.000Z', 'Z');
  const byId = question.requestIds.length > 0;
  const first = byId
    ? `CloudTrail has the event of request ID ${last.requestId} (${last.region}, ${time}).`
    : `Looked up in CloudTrail: the last failed request for ${question.roleArn} in ${hours} hours was at ${time} in ${last.region}.`;
  const more = byId || events.length === 1 ? [] : [`${events.length} failed requests of that role were read.`];
  return [first, ...more, ...failures(failed)];
}

/** Sentences on why nothing was found. */
export function noneNotes({ question, hours, asked, failed, events, whole, others }: Search, foreign: string | undefined): string[] {
  if (asked.length === 0 && failed.length === 0) return ["CloudTrail wasn't queried: no region is known. Select one for AWS."];
  if (asked.length === 0) return failures(failed);
  const { requestIds, roleArn } = question;
  const [id, ...more] = requestIds;
  const sought =
    id === undefined
      ? `no failed request for ${roleArn}`
      : `no event with request ID ${id}${more.length === 0 ? '' : ` or the ${more.length} others of the paste`}`;
  const where = `in ${asked.join(' or ')}`;
  const first = whole
    ? `CloudTrail has ${sought} ${where} in the last ${hours} hours.`
    : `CloudTrail has ${sought} among the newest ${events} events that were read ${where}; older ones weren't read.`;
  return [
    first,
    "Events take up to about 15 minutes to appear. Requests whose token AWS can't trust aren't logged.",
    ...(others.size === 0
      ? []
      : [
          id === undefined
            ? `${requests(others.size)} for this role came from another service account.`
            : `${requests(others.size)} for ${roleArn} had another request ID. To use the last one, diagnose without the request ID.`,
        ]),
    ...(foreign === undefined
      ? []
      : [`The credentials are of account ${foreign}; the role's events are in account ${roleArn!.split(':')[4]}.`]),
    ...failures(failed),
  ];
}

const requests = (count: number): string => (count === 1 ? '1 failed request' : `${count} failed requests`);

/** Each error once, with the regions that gave it. */
function failures(failed: Search['failed']): string[] {
  const regions = new Map<string, string[]>();
  for (const { region, error } of failed) {
    const text = `${error.message} ${error.next}`;
    regions.set(text, [...(regions.get(text) ?? []), region]);
  }
  return [...regions].map(([text, names]) => `CloudTrail could not be read in ${names.join(', ')}: ${text}`);
}
