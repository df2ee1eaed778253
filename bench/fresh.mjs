/**
 * `fresh.mjs import|reply <client> <upstream>`: the cost of importing a client, or of one call from the process's
 * start.
 */
const [, , what, name, url] = process.argv;
const { setup } = await import(`./clients/${name}.mjs`);

const wall = performance.now();
const cpu = process.cpuUsage();
const { chat } = await setup(`${url}/100/100/0`, "openai");
if (what === "import") {
  const { user, system } = process.cpuUsage(cpu);
  tell(performance.now() - wall, user + system);
} else {
  await chat();
  const { user, system } = process.cpuUsage();
  tell(performance.now(), user + system);
}

function tell(ms, microseconds) {
  process.stdout.write(JSON.stringify({ ms, cpu: microseconds / 1000 }), () => process.exit());
}
