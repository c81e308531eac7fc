import { read, matchesOf, type Recogniser } from './recogniser';
import { requestIdForm } from './values';

const labelled =
  /(?:request[\s_-]{0,2}id|requestId|RequestID|x-amzn-requestid|reqid)["']?\s{0,3}[:=]?\s{0,3}\[?["']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/gi;
const versions: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['boto3', /\bboto3[/= ]{1,2}v?(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['botocore', /\bbotocore[/= ]{1,2}v?(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-cli', /\baws-cli\/(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-go', /\baws-sdk-go(?:\/|@v| v)(1\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-java', /\baws-(?:sdk-)?java\/(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-js', /\baws-sdk-js\/(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-js', /\baws-sdk-nodejs\/(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-js', /@aws-sdk\/client-[a-z-]{1,40}@\^?(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-net', /\baws-sdk-dotnet[a-z-]{0,16}\/(\d{1,3}\.\d{1,4}\.\d{1,5}(?:\.\d{1,4})?)/gi],
  ['aws-sdk-php', /\baws-sdk-php\/(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-ruby', /\baws-sdk-ruby\d?\/(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
  ['aws-sdk-cpp', /\baws-sdk-cpp\/(\d{1,3}\.\d{1,4}\.\d{1,4})/gi],
];

/** Request IDs, which join a text with its CloudTrail event, and the versions of SDKs that user agents and lock files name. */
export const requests: Recogniser = {
  name: 'AWS',
  read(paste, found) {
    for (const match of matchesOf(paste.text, labelled)) {
      const id = match[1]!.toLowerCase();
      if (!requestIdForm.test(id)) continue;
      found.observe({
        carrier: 'text',
        paste: paste.paste,
        offset: paste.at(match.index),
        readings: [read(paste, 'requestId', id, match.index, 'the text')],
      });
    }
    for (const [name, pattern] of versions) {
      for (const match of matchesOf(paste.text, pattern))
        found.observe({
          carrier: 'text',
          paste: paste.paste,
          offset: paste.at(match.index),
          readings: [read(paste, 'sdk', `${name}/${match[1]!}`, match.index, 'the text')],
        });
    }
    const bare = /"code"\s{0,2}:\s{0,2}"AccessDenied"/.exec(paste.text);
    if (bare) found.symptom(paste, 'access-denied-bare', bare.index, 'JSON log');
    const denied = /access ?denied/i.exec(paste.text);
    if (denied) found.symptom(paste, 'access-denied', denied.index, 'AWS');
  },
};
