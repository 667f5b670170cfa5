// The handset's telephone: dials 940, hears what the phone tree says, presses keys, speaks; and rings when 940 calls.
'use strict';

const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const letters = { 2: 'ABC', 3: 'DEF', 4: 'GHI', 5: 'JKL', 6: 'MNO', 7: 'PQRS', 8: 'TUV', 9: 'WXYZ' };

let call = null;
let heard = [];
let keyed = '';
let busy = false;

function showCall() {
  const live = call?.status === 'in-progress';
  const ringing = call?.status === 'ringing';
  $('call-state').textContent = t(ringing ? 'callRings' : !live ? 'callIdle' : call.waits === 'voice' ? 'callSpeak' : call.waits === 'agent' ? 'callAgent' : 'callKeys');
  $('call-keys').textContent = keyed || ' ';
  $('call-dial').hidden = live || ringing;
  $('call-answer').hidden = $('call-decline').hidden = !ringing;
  $('call-hangup').hidden = !live;
  $('call-speak').hidden = $('call-file-button').hidden = !(live && call.waits === 'voice');
  $('call-agent').hidden = !(live && call.waits === 'agent');
  $('call-silence').hidden = !(live && (call.waits === 'keys' || call.waits === 'voice'));
  document.querySelectorAll('#keypad button').forEach(button => { button.disabled = busy || !live || call.waits !== 'keys'; });
  document.querySelectorAll('#call-actions button').forEach(button => { button.disabled = busy; });
  const badge = $('tab-phone').querySelector('.badge');
  badge.hidden = !ringing || tab === 'phone';
  badge.textContent = '1';
}

function hear(line, mine) {
  const paragraph = make('p', '', line.text);
  paragraph.dir = 'auto';
  if (line.language) paragraph.lang = line.language === 'arb' ? 'ar' : line.language;
  const message = make('div', mine ? 'message mine' : 'message', make('div', 'bubble', paragraph));
  heard.push(message);
  $('call-log').append(message);
  $('call-log').scrollTop = $('call-log').scrollHeight;
}

function take(latest) {
  call = latest;
  keyed = '';
  call.said.forEach(line => hear(line, false));
  if (call.status !== 'in-progress' && call.status !== 'ringing') hear({ text: t('callEnded') }, true);
}

// One thing at a time, as on a telephone.
async function act(path, body, mine) {
  if (busy) return;
  busy = true;
  showCall();
  say('');
  if (mine) hear({ text: mine }, true);
  try {
    const sound = body instanceof Blob;
    const response = await fetch('/local/handset/calls' + path, {
      method: 'POST',
      headers: { 'Accept-Language': language, 'Content-Type': sound ? 'application/octet-stream' : 'application/json' },
      body: sound ? body : JSON.stringify(body),
    });
    await answer(response);
    take(await response.json());
  } catch (error) {
    say(error instanceof TypeError ? t('unreachable') : error.message);
  }
  busy = false;
  showCall();
}

function press(key) {
  if (busy || call?.waits !== 'keys') return;
  if (key !== '#') keyed += key;
  if (key === '#' || keyed.length === call.keys) {
    const keys = keyed || '#';
    act('/' + call.sid, { act: 'keys', keys }, keys);
  } else {
    showCall();
  }
}

async function pollCall() {
  if (busy || call?.status === 'in-progress') return;
  try {
    const asked = phone;
    const calls = await (await fetch('/local/handset/calls?phone=' + encodeURIComponent(asked))).json();
    const ringing = calls.filter(other => other.status === 'ringing').at(-1);
    if (asked !== phone || busy || call?.sid === ringing?.sid) return;
    if (ringing) {
      call = ringing;
      showCall();
    }
  } catch { /* the other poll says so */ }
}

function startCall() {
  $('keypad').append(...keypad.map(key => {
    const button = make('button', '', key, letters[key] ? make('small', '', letters[key]) : null);
    button.type = 'button';
    button.addEventListener('click', () => press(key));
    return button;
  }));
  $('call-dial').addEventListener('click', () => {
    heard = [];
    $('call-log').replaceChildren();
    act('', { from: phone });
  });
  $('call-answer').addEventListener('click', () => {
    heard = [];
    $('call-log').replaceChildren();
    act('/' + call.sid, { act: 'answer' });
  });
  $('call-decline').addEventListener('click', () => act('/' + call.sid, { act: 'decline' }));
  $('call-hangup').addEventListener('click', () => act('/' + call.sid, { act: 'hangup' }));
  $('call-silence').addEventListener('click', () => act('/' + call.sid, { act: 'silence' }, '…'));
  $('call-agent').addEventListener('click', () => act('/' + call.sid, { act: 'agent', status: 'completed' }));
  $('call-speak').addEventListener('click', () => act('/' + call.sid + '/voice', new Blob([]), t('voice')));
  $('call-file-button').addEventListener('click', () => $('call-file').click());
  $('call-file').addEventListener('change', () => {
    const file = $('call-file').files[0];
    $('call-file').value = '';
    if (file) act('/' + call.sid + '/voice', file, file.name);
  });
  document.addEventListener('keydown', event => {
    if (tab === 'phone' && event.target.tagName !== 'INPUT' && keypad.includes(event.key)) press(event.key);
  });
  $('phone').addEventListener('change', () => { call = null; keyed = ''; $('call-log').replaceChildren(); showCall(); });
  started = true;
  showCall();
  setInterval(() => { if (!document.hidden) pollCall(); }, 1500);
}

startCall();
