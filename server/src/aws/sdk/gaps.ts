import type { AwsGap } from '../../core/model/aws';
import { AwsError } from '../gateway';

/**
 * A part that could not be had, said as what is missing and why. What is no {@link AwsError} (an aborted signal, a fault
 * of our own) is thrown on.
 */
export function gapOf(error: unknown, action: string, resource?: string): AwsGap {
  if (!AwsError.is(error)) throw error;
  return { action, ...(resource === undefined ? {} : { resource }), reason: error.message, next: error.next, code: error.code };
}
