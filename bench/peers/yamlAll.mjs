// A peer of `check`: the `yaml` library parsing every file, and nothing else.
import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { parseAllDocuments } = createRequire(join(process.argv[3], 'package.json'))('yaml');
let documents = 0;
const stack = [process.argv[2]];
for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) stack.push(path);
    else documents += [parseAllDocuments(readFileSync(path, 'utf8'))].flat().length;
  }
}
console.log(documents);
