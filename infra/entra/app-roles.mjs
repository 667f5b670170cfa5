// Writes the app roles of the staff's registration from the roles of the app and the places of a policy:
//   node infra/entra/app-roles.mjs functions/App/policies/eastern-province > infra/entra/app-roles.json
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const roles = {
  agent: 'Keys in what callers say',
  dispatcher: 'Assigns reports to municipalities, departments and teams',
  field: 'Works on reports in the street',
  department: 'Answers for a department',
  verifier: 'Checks that what was closed is done',
  satisfaction: 'Follows up with citizens',
  manager: 'Sees the figures',
  admin: 'Changes the policy',
};

// The id must stay the same from one run to the next, or an assignment would lose its role.
const id = value => {
  const hex = createHash('sha256').update('serverless940:' + value).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
const role = (value, displayName, description) => ({ allowedMemberTypes: ['User'], description, displayName, id: id(value), isEnabled: true, value });
const places = (folder, name) => JSON.parse(readFileSync(join(folder, name + '.json'), 'utf8'))[name];

const folder = process.argv[2];
if (!folder) throw new Error('which policy folder?');
const list = [
  ...Object.entries(roles).map(([value, description]) => role(value, value, description)),
  ...places(folder, 'municipalities').map(place => role('municipality:' + place.id, 'Only ' + place.name.en, 'Limits the other roles to ' + place.name.en)),
  ...places(folder, 'departments').map(place => role('department:' + place.id, 'Only ' + place.name.en, 'Limits the other roles to ' + place.name.en)),
];
console.log(JSON.stringify(list, null, 2));
