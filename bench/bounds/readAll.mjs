// The bound of `check`: what Node needs to read every file of a folder and look for one word in each.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let found = 0;
const stack = [process.argv[2]];
for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) stack.push(path);
    else if (readFileSync(path, 'utf8').includes('eks.amazonaws.com')) found++;
  }
}
console.log(found);
