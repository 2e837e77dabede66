import { Hono } from 'hono';
import { generateSpecs } from 'hono-openapi';
import { VERSION } from '../../src/version.ts';
import { headers } from './headers.ts';
import { about } from './operations/about.ts';
import { bootParameters } from './operations/boot-parameters.ts';
import { bootScripts } from './operations/boot-scripts.ts';
import { cloudInit } from './operations/cloud-init.ts';
import { inventory } from './operations/inventory.ts';
import { ownComponents } from './operations/own-components.ts';
import { ownEndpoints } from './operations/own-endpoints.ts';
import { ownGroups } from './operations/own-groups.ts';
import { ownInterfaces } from './operations/own-interfaces.ts';
import { ownService } from './operations/own-service.ts';
import { status } from './operations/status.ts';
import { problemAnswers } from './problems.ts';
import { tidy } from './tidy.ts';

const DESCRIPTION = `A Boot Script Service: nodes ask it over HTTP what to boot, and administrators tell it.

The paths under \`/boot/v1\` are served under \`/apis/bss/boot/v1\` and \`/bss/boot/v1\` too, and the script also at
\`/bootscript\` and \`/boot-service/bootscript\`. Slashes at the end of a path do not count. HEAD works where GET does, and
OPTIONS answers 204 with \`Allow\`; any other method that a path does not have is answered with 405.

Bodies are JSON, whatever their \`Content-Type\` says, of at most 8 MiB; only \`/phone-home\` takes a form too. Members and parameters that are not known are
ignored. Texts with a NUL or half a surrogate pair are refused. Answers in JSON are \`application/json; charset=UTF-8\`.
What goes wrong is answered as a problem (RFC 9457).

The paths under \`/hsm/v2\` are in SMD's shapes, and are served under \`/apis/smd/hsm/v2\` and \`/smd/hsm/v2\` too.

Where the service is told of a key server, the boot parameters want a bearer token, and so does what is under \`/hsm/v2\`, but
for what SMD answers to anybody; nothing else does. A request may
bring an \`X-Request-Id\` of its own.`;

/** Makes the document of the API from what is said of its operations, and from the schemas that validate. */
export async function makeDocument(): Promise<object> {
  const app = new Hono();
  const own = [ownComponents, ownInterfaces, ownEndpoints, ownGroups, ownService];
  for (const describe of [bootScripts, bootParameters, inventory, ...own, cloudInit, status, about]) describe(app);
  const specs = await generateSpecs(app, {
    // Otherwise paths that look like files are left out, as /openapi.json does.
    excludeStaticFile: false,
    documentation: {
      info: {
        title: 'bss-edge',
        summary: 'Boot Script Service',
        description: DESCRIPTION,
        version: VERSION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'Where this document comes from.' }],
      tags: [
        { name: 'Boot scripts', description: 'What nodes ask.' },
        { name: 'Boot parameters', description: 'What nodes boot.' },
        { name: 'Inventory', description: 'Which nodes there are, and what they have asked for.' },
        {
          name: 'Own inventory',
          description:
            "The service's own inventory, for sites without SMD. Beside an SMD (`HSM_URL`) all of it is 404.",
        },
        { name: 'cloud-init', description: 'What nodes ask for once they are up; they are known by their address.' },
        { name: 'Status', description: 'Whether the service and its parts are well.' },
        { name: 'About', description: 'What the service says of itself.' },
      ],
      components: {
        headers,
        responses: problemAnswers,
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of the key server.' },
        },
      },
    },
  });
  return tidy(specs);
}
