// Prints, for each load, how much of each limit it uses, which binds first, and what a report costs.
//   node infra/capacity/capacity.mjs                                     the loads of model.json
//   node infra/capacity/capacity.mjs --per-day 5000 [--per-second 2]     a load of your own
//   --numbers 15 --sms-per-minute 6000 --tier Premium --wave 10000       another deployment, or a wave of escalations
//   --json                                                               the same as data
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const read = name => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const { perReport, deployment, limits, scenarios } = read('model.json');
const { currency, items } = read('prices.json');
const per = Object.fromEntries(Object.entries(perReport).map(([name, { value }]) => [name, value]));
const limit = Object.fromEntries(Object.entries(limits).map(([name, { value }]) => [name, value]));
const price = Object.fromEntries(Object.entries(items).map(([name, item]) => [name, item.price]));

const { values: given } = parseArgs({
  options: {
    'per-day': { type: 'string' }, 'per-second': { type: 'string' }, numbers: { type: 'string' }, 'sms-per-minute': { type: 'string' },
    tier: { type: 'string' }, wave: { type: 'string' }, json: { type: 'boolean', default: false },
  },
});
const number = (name, fallback) => {
  if (given[name] === undefined) return fallback;
  const value = Number(given[name]);
  if (!(value > 0)) throw new Error(`--${name} is not a number above nought`);
  return value;
};

const deployed = { ...deployment, senderNumbers: number('numbers', deployment.senderNumbers), busTier: given.tier ?? deployment.busTier };
if (!['Standard', 'Premium'].includes(deployed.busTier)) throw new Error('--tier is Standard or Premium');
const smsPerMinute = number('sms-per-minute', limit.smsPerNumberMinute) * deployed.senderNumbers;
const wave = number('wave', 10000);
const loads = given['per-day'] === undefined && given['per-second'] === undefined ? scenarios
  : [{ name: 'given', perDay: number('per-day', number('per-second', 1) * 86400), perSecond: number('per-second', undefined), busiestHourShare: 0.12 }];

/** Reports a second in the busiest hour. */
const peak = load => load.perSecond ?? load.perDay * load.busiestHourShare / 3600;

/** Whole lives a second: day by day as many steps of old reports fall due as new ones bring, but a burst brings only beginnings. */
const lives = load => peak(load) * (load.perSecond === undefined ? 1 : per.atOnceShare);

/** What the load demands of each limit, at its peak, as parts of it. */
function uses(load) {
  const rate = lives(load);
  const direct = per.textsToCitizen + per.textsToStaff;
  const waves = Math.min(rate * 60 * per.textsOfWaves, deployed.wavesPerMinute);
  const triggered = rate * per.busMessages;
  const instances = Math.max(
    Math.ceil(rate * per.httpRequests * per.httpSeconds / deployed.httpConcurrency),
    Math.ceil(triggered * per.secondsPerExecution / deployed.sessionsPerInstance));
  const list = [
    ['SMS number, texts a minute', rate * 60 * direct + waves, smsPerMinute],
    ['SMS number, citizens\' lane beside the waves', rate * 60 * direct, smsPerMinute - deployed.wavesPerMinute],
    ['table account, transactions a second', rate * per.tableOperations, limit.tableAccountPerSecond],
    ['hottest table partition, entities a second', Math.max(rate / 4, waves / 60 * 2), limit.tablePartitionPerSecond],
    ['instances of this app', instances, deployed.instances],
    ['cores of the region', instances * deployed.instanceGb / 2, limit.coresPerRegion],
    ['telemetry, GB a day', load.perDay * per.telemetryKb / 1e6, deployed.telemetryCapGb],
  ];
  if (deployed.busTier === 'Standard') list.push(['bus, credits a second', triggered * 2, limit.busCreditsPerSecond]);
  return list.map(([what, demand, capacity]) => ({ what, demand, capacity, share: capacity > 0 ? demand / capacity : Infinity })).sort((a, b) => b.share - a.share);
}

/** What a report costs beyond the fixed month, and what the month costs before the first report. */
function costs(load) {
  const month = load.perSecond && load.hours ? load.perDay : load.perDay * 30;
  const texts = per.textsToCitizen + per.textsToStaff + per.textsOfWaves;
  const gbSeconds = per.executions * per.secondsPerExecution * deployed.instanceGb / 8; // eight executions share an instance's second
  const paidGbSeconds = Math.max(0, gbSeconds * month - limit.freeGbSeconds) / month;
  const operations = per.busMessages * per.busOperationsPerMessage;
  const paidOperations = deployed.busTier === 'Premium' ? 0 : Math.max(0, operations * month - limit.busOperationsIncluded) / month;
  const parts = {
    sms: texts * per.segmentsPerText * price.smsSegmentSent + per.smsReceived * price.smsSegmentReceived,
    compute: paidGbSeconds * price.computeGbSecond + per.executions / 1e6 * price.executionsMillion,
    bus: paidOperations / 1e6 * price.busOperationsMillion,
    tables: per.tableOperations / 1e4 * price.tableOperations10k + per.tableKb / 1e6 * price.tableGbMonth * per.monthsKept,
    media: per.blobWrites / 1e4 * price.blobWrites10k + per.mediaMb / 1e3 * price.blobGbMonth * per.monthsKept,
    telemetry: per.telemetryKb / 1e6 * price.telemetryGb,
  };
  const report = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const fixed = (deployed.busTier === 'Premium' ? price.busPremiumUnitMonth : price.busStandardMonth)
    + deployed.senderNumbers * price.smsNumberMonth + deployed.alwaysReady * price.alwaysReadyInstanceMonth + price.alertsMonth;
  return { perReport: report, smsShare: parts.sms / report, parts, fixedMonth: fixed, month: fixed + report * month };
}

/** How long texts lie when more come than may go, and how long a wave of escalations takes. */
function waits(load) {
  const direct = lives(load) * 60 * (per.textsToCitizen + per.textsToStaff);
  const hours = load.hours ?? 1;
  const left = Math.max(0, direct - (smsPerMinute - deployed.wavesPerMinute)) * 60 * hours;
  return {
    backlogTexts: Math.round(left),
    hoursToDrain: left / (smsPerMinute - deployed.wavesPerMinute) / 60,
    numbersNeeded: Math.ceil((direct + deployed.wavesPerMinute) / (smsPerMinute / deployed.senderNumbers)),
    waveTexts: wave,
    waveHours: wave / deployed.wavesPerMinute / 60,
  };
}

const results = loads.map(load => ({ name: load.name, reportsPerSecond: peak(load), uses: uses(load), costs: costs(load), waits: waits(load) }));
if (given.json) {
  console.log(JSON.stringify(results, null, 2));
} else {
  const show = (value, digits = 2) => value.toLocaleString('en', { maximumFractionDigits: digits });
  for (const { name, reportsPerSecond, uses: used, costs: cost, waits: wait } of results) {
    console.log(`\n${name}: ${show(reportsPerSecond, 3)} reports a second at the peak`);
    for (const { what, demand, capacity, share } of used) {
      console.log(`  ${(show(share * 100, 1) + ' %').padStart(10)}  ${what}: ${show(demand)} of ${show(capacity)}${share > 1 ? '   OVER' : ''}`);
    }
    console.log(`  SMS: ${show(wait.backlogTexts, 0)} texts left after the peak, ${show(wait.hoursToDrain, 1)} h to send; ${wait.numbersNeeded} numbers needed to leave none;`
      + ` a wave of ${show(wait.waveTexts, 0)} escalations takes ${show(wait.waveHours, 1)} h beside them`);
    console.log(`  ${show(cost.perReport, 4)} ${currency} a report, ${show(cost.smsShare * 100, 0)} % of it SMS; ${show(cost.fixedMonth)} a month before the first, ${show(cost.month, 0)} with them`);
  }
  const dates = Object.values(items).map(item => item.date).sort();
  console.log(`\nPrices of ${dates[0]} to ${dates.at(-1)}: prices.json says which is how old.`);
}
