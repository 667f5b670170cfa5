// The citizen's handset: shows what the providers' simulators kept, and sends as a citizen would.
'use strict';

const words = {
  ar: {
    title: 'هاتف المواطن', subtitle: 'محاكاة على جهازك', other: 'English', settings: 'الإعدادات', phone: 'الهاتف',
    centre: 'مركز البلاغات البلدية', noteWhatsapp: 'واتساب · حساب موثّق', noteSms: 'رسائل نصية', conversation: 'المحادثة', attach: 'إرفاق',
    write: 'اكتب رسالة', send: 'إرسال', photo: 'صورة', voice: 'ملف صوتي', place: 'موقع', apps: 'التطبيقات', whatsapp: 'واتساب', sms: 'الرسائل',
    number: 'رقم الجوال', numberHint: 'كل رقم مواطن آخر. غيّره لترى هاتفاً آخر.', numberBad: 'اكتب الرقم بمفتاح الدولة، مثل ‎+966500000001',
    try: 'جرّب', time: 'الوقت في النظام', plusHour: '+ ساعة', plusDay: '+ 26 ساعة', plusWeek: '+ أسبوع', timeHint: 'يتقدم الوقت فيُصعَّد ما تأخر.',
    moving: 'يتقدم الوقت…', moved: 'هدأ النظام.', done: 'تم', cancel: 'إلغاء', latitude: 'خط العرض', longitude: 'خط الطول', sendPlace: 'أرسل الإحداثيات',
    sharePlace: 'إرسال الموقع', where: 'أي موقع ترسل؟', here: 'موقعي الحالي', hereHint: 'من المتصفح', noPlace: 'لم يعطِ المتصفح الموقع. اختر مكاناً أو اكتب الإحداثيات.', choose: 'اختر', template: 'قالب',
    emptyWhatsapp: ['ابدأ بلاغك', 'اكتب رسالة إلى 940، أو أرسل صورة أو موقعاً.'], emptySms: ['لا رسائل بعد', 'تصل هنا الرسائل النصية التي يرسلها النظام.'],
    call: 'مكالمة', noteCall: 'هاتف 940', callLog: 'ما قيل في المكالمة', keypad: 'لوحة المفاتيح', callIdle: 'لا مكالمة الآن.', callRings: '940 يتصل بكم.',
    callKeys: 'اضغط مفتاحاً.', callSpeak: 'تكلّم بعد الصافرة.', callAgent: 'تحويل إلى موظف.', callEnded: 'انتهت المكالمة.', callDial: 'اتصل بـ 940', callAnswer: 'ردّ',
    callDecline: 'ارفض', callTone: 'تكلّم (نغمة)', callAgentDone: 'أنهى الموظف المكالمة', callSilence: 'اسكت', callHangUp: 'أنهِ المكالمة',
    sending: 'جارٍ الإرسال…', failed: 'لم تُرسل', today: 'اليوم', segments: ['', 'جزء واحد', 'جزآن'], segmentsMany: n => `${n} أجزاء`, unreachable: 'لا يمكن الوصول إلى النظام.',
    samples: ['عمود إنارة مكسور أمام المدرسة', 'حفرة كبيرة في شارع الملك سعود', 'تجمع مياه أمام المنزل'],
  },
  en: {
    title: 'Citizen’s handset', subtitle: 'Simulated on your machine', other: 'العربية', settings: 'Settings', phone: 'Phone',
    centre: 'Municipal report centre', noteWhatsapp: 'WhatsApp · verified account', noteSms: 'Text messages', conversation: 'Conversation', attach: 'Attach',
    write: 'Write a message', send: 'Send', photo: 'Photo', voice: 'Sound file', place: 'Location', apps: 'Apps', whatsapp: 'WhatsApp', sms: 'Messages',
    number: 'Mobile number', numberHint: 'Each number is another citizen. Change it to see another phone.', numberBad: 'Write the number with its country code, such as +966500000001',
    try: 'Try', time: 'Time in the system', plusHour: '+ 1 hour', plusDay: '+ 26 hours', plusWeek: '+ 1 week', timeHint: 'Time moves on, and what is late escalates.',
    moving: 'Time is moving on…', moved: 'All is quiet.', done: 'Done', cancel: 'Cancel', latitude: 'Latitude', longitude: 'Longitude', sendPlace: 'Send coordinates',
    sharePlace: 'Send location', where: 'Which location do you send?', here: 'My present location', hereHint: 'from the browser', noPlace: 'The browser gave no location. Choose a place or type the coordinates.', choose: 'Choose', template: 'Template',
    emptyWhatsapp: ['Start your report', 'Write to 940, or send a photo or a location.'], emptySms: ['No messages yet', 'Text messages from the system arrive here.'],
    call: 'Call', noteCall: 'Telephone 940', callLog: 'What was said in the call', keypad: 'Keypad', callIdle: 'No call now.', callRings: '940 is calling you.',
    callKeys: 'Press a key.', callSpeak: 'Speak after the tone.', callAgent: 'Putting you through to an agent.', callEnded: 'The call has ended.', callDial: 'Call 940', callAnswer: 'Answer',
    callDecline: 'Decline', callTone: 'Speak (a tone)', callAgentDone: 'The agent has finished', callSilence: 'Say nothing', callHangUp: 'Hang up',
    sending: 'Sending…', failed: 'Not sent', today: 'Today', segments: ['', '1 part', '2 parts'], segmentsMany: n => `${n} parts`, unreachable: 'The system cannot be reached.',
    samples: ['A street light is broken in front of the school', 'Large pothole on King Saud Street', 'Standing water in front of my house'],
  },
};

const places = [
  { ar: 'الواجهة البحرية بالدمام', en: 'Dammam waterfront', latitude: 26.4757, longitude: 50.1203 },
  { ar: 'وسط الدمام', en: 'Central Dammam', latitude: 26.4344, longitude: 50.1033 },
  { ar: 'كورنيش الخبر', en: 'Khobar corniche', latitude: 26.2794, longitude: 50.2183 },
  { ar: 'وسط القطيف', en: 'Central Qatif', latitude: 26.5590, longitude: 50.0056 },
  { ar: 'الهفوف، الأحساء', en: 'Hofuf, Al-Ahsa', latitude: 25.3648, longitude: 49.5878 },
];

const $ = id => document.getElementById(id);
const remembered = (key, fallback) => { try { return localStorage.getItem('handset.' + key) ?? fallback; } catch { return fallback; } };
const remember = (key, value) => { try { localStorage.setItem('handset.' + key, value); } catch { /* a private window forgets */ } };

let language = remembered('language', 'ar');
let phone = remembered('phone', '+966500000001');
let tab = 'whatsapp';
let messages = { whatsapp: [], sms: [] };
let shown = '';
let pending = [];
let seen = { whatsapp: 0, sms: 0 };
let first = true;
let started = false;

const notes = { whatsapp: 'noteWhatsapp', sms: 'noteSms', phone: 'noteCall' };
const t = key => words[language][key];
const locale = () => language === 'ar' ? 'ar-u-nu-latn-ca-gregory' : 'en-GB';
const zone = { timeZone: 'Asia/Riyadh' };
const clockTime = at => new Intl.DateTimeFormat(locale(), { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
const day = (at, options = { weekday: 'long', day: 'numeric', month: 'long' }) => new Intl.DateTimeFormat(locale(), { ...zone, ...options }).format(new Date(at));

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
const pin = 'M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11zM12 12.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z';
const lines = 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01';
const bubbleIcon = 'M12 4a8 8 0 0 0-6.9 12L4 20l4.1-1.100A8 8 0 1 0 12 4z';

// Text with links, and with *bold* as WhatsApp writes it; nothing of it is ever taken as HTML.
function rich(text, bold) {
  const paragraph = make('p');
  paragraph.dir = 'auto';
  for (const part of String(text ?? '').split(bold ? /(https?:\/\/[^\s]+|\*[^*\n]+\*)/ : /(https?:\/\/[^\s]+)/)) {
    if (/^https?:\/\//.test(part)) {
      const link = make('a', '', part);
      link.href = part;
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
      link.dir = 'ltr';
      paragraph.append(link);
    } else if (bold && /^\*[^*\n]+\*$/.test(part)) {
      paragraph.append(make('strong', '', part.slice(1, -1)));
    } else {
      paragraph.append(part);
    }
  }
  return paragraph;
}

function placeView(location) {
  const coordinates = make('span', 'note', `${Number(location.latitude).toFixed(4)}, ${Number(location.longitude).toFixed(4)}`);
  coordinates.dir = 'ltr';
  return make('div', 'place', icon(pin), make('div', '', location.name ? make('strong', '', location.name) : null, coordinates));
}

function mediaView(content) {
  const file = content[content.type];
  const source = file.preview ?? (file.id ? '/local/handset/media/' + encodeURIComponent(file.id) : null);
  if (!source) return rich(file.link ?? file.caption ?? content.type);
  if (content.type === 'audio') {
    const audio = make('audio');
    audio.controls = true;
    audio.preload = 'metadata';
    audio.src = source;
    return audio;
  }
  if (content.type !== 'image') return rich(file.filename ?? content.type);
  const image = make('img');
  image.src = source;
  image.alt = file.caption ?? t('photo');
  const parts = make('div', '', image);
  if (file.caption) parts.append(rich(file.caption, true));
  return parts;
}

function templateView(template) {
  const parameters = (template.components ?? []).flatMap(component => component.parameters ?? []).map(parameter => parameter.text).filter(Boolean);
  return make('div', '', rich(parameters.join('\n')), make('span', 'note', `${t('template')}: ${template.name}`));
}

function interactiveView(message, interactive) {
  const chosen = interactive.button_reply ?? interactive.list_reply;
  if (chosen) return { body: rich(chosen.title) };
  const body = make('div', '',
    interactive.header?.text ? make('strong', '', interactive.header.text) : null,
    rich(interactive.body?.text, true),
    interactive.footer?.text ? make('span', 'note', interactive.footer.text) : null);
  const choices = make('div', 'choices');
  const add = (label, symbol, action) => {
    const button = make('button', '', symbol ? icon(symbol) : null, label);
    button.type = 'button';
    button.addEventListener('click', action);
    choices.append(button);
  };
  if (interactive.type === 'button') {
    for (const { reply } of interactive.action.buttons) {
      add(reply.title, null, () => choose('button_reply', reply.id, reply.title, message.id));
    }
  } else if (interactive.type === 'list') {
    add(interactive.action.button, lines, () => openList(message, interactive));
  } else if (interactive.type === 'location_request_message') {
    add(t('sharePlace'), pin, () => openPlaces(message.id));
  }
  return { body, choices };
}

function view(message) {
  const content = message.content;
  let parts;
  if (tab === 'sms') parts = { body: rich(content.text) };
  else switch (content.type ?? 'text') {
    case 'text': parts = { body: rich(content.text?.body, true) }; break;
    case 'interactive': parts = interactiveView(message, content.interactive); break;
    case 'button': parts = { body: rich(content.button.text) }; break;
    case 'location': parts = { body: placeView(content.location) }; break;
    case 'template': parts = { body: templateView(content.template) }; break;
    case 'image': case 'audio': case 'video': case 'document': parts = { body: mediaView(content) }; break;
    default: parts = { body: rich(content[content.type]?.emoji ?? content.type) };
  }
  const foot = make('small');
  if (message.segments) foot.append(make('span', '', t('segments')[message.segments] ?? t('segmentsMany')(message.segments)));
  foot.append(make('span', '', message.state ? t(message.state) : clockTime(message.at)));
  if (message.mine && !message.state) foot.append(make('span', '', '✓✓'));
  const element = make('div', 'message', make('div', 'bubble', parts.body, foot), parts.choices);
  if (message.mine) element.classList.add('mine');
  if (message.state === 'failed') element.classList.add('failed');
  return element;
}

function render() {
  if (tab === 'phone') return;
  const thread = $('thread');
  const list = [...messages[tab], ...pending.filter(message => message.tab === tab && message.phone === phone)];
  const key = JSON.stringify([language, tab, phone, list]);
  if (key === shown) return;
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  const sameThread = shown.startsWith(JSON.stringify([language, tab, phone]).slice(0, -1));
  const known = sameThread ? thread.querySelectorAll('.message').length : list.length;
  shown = key;
  thread.replaceChildren();
  if (list.length === 0) {
    const [title, text] = t(tab === 'sms' ? 'emptySms' : 'emptyWhatsapp');
    thread.append(make('div', 'empty', icon(bubbleIcon), make('strong', '', title), text));
  }
  let lastDay = '';
  let last = null;
  list.forEach((message, index) => {
    const itsDay = message.at ? day(message.at) : lastDay;
    if (itsDay !== lastDay) thread.append(make('div', 'day', itsDay));
    const element = view(message);
    if (last !== null && last !== message.mine && itsDay === lastDay) element.classList.add('next');
    if (index >= known) element.classList.add('fresh');
    thread.append(element);
    [lastDay, last] = [itsDay, message.mine];
  });
  if (atEnd || !sameThread) thread.scrollTop = thread.scrollHeight;
}

function renderBadges() {
  for (const name of ['whatsapp', 'sms']) {
    const count = messages[name].filter(message => !message.mine).length;
    if (name === tab || first) seen[name] = count;
    const badge = $('tab-' + name).querySelector('.badge');
    badge.hidden = count <= seen[name];
    badge.textContent = count - seen[name];
  }
}

function translate() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
  document.title = `${t('title')} · 940`;
  document.querySelectorAll('[data-t]').forEach(element => { element.textContent = t(element.dataset.t); });
  document.querySelectorAll('[data-label]').forEach(element => { element.setAttribute('aria-label', t(element.dataset.label)); });
  document.querySelectorAll('[data-placeholder]').forEach(element => { element.placeholder = t(element.dataset.placeholder); });
  $('language').textContent = t('other');
  $('language').lang = language === 'ar' ? 'en' : 'ar';
  $('language').dir = language === 'ar' ? 'ltr' : 'rtl';
  $('bar-note').textContent = t(notes[tab]);
  if (started) showCall();
  $('samples').replaceChildren(...t('samples').map(sample => {
    const button = make('button', '', sample);
    button.type = 'button';
    button.addEventListener('click', () => {
      $('text').value = sample;
      closePanel();
      grow();
      $('text').focus();
    });
    return button;
  }));
}

async function answer(response) {
  if (response.ok) return;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.title ?? String(response.status));
}

function say(text) {
  $('alert').textContent = text;
  $('alert').hidden = !text;
}

async function poll() {
  const asked = phone;
  try {
    const response = await fetch('/local/handset/messages?phone=' + encodeURIComponent(asked), { headers: { 'Accept-Language': language } });
    const latest = await response.json();
    if (asked !== phone) return;
    messages = latest;
    const ids = new Set([...messages.whatsapp, ...messages.sms].map(message => message.id));
    pending = pending.filter(message => !ids.has(message.id));
    if ($('alert').textContent === t('unreachable')) say('');
    renderBadges();
    first = false;
    render();
  } catch {
    say(t('unreachable'));
  }
}

async function pollClock() {
  try {
    const { now } = await (await fetch('/local/clock')).json();
    $('clock').textContent = clockTime(now);
    $('date').textContent = day(now, { day: 'numeric', month: 'short' });
    $('now').textContent = `${day(now)} · ${clockTime(now)}`;
  } catch { /* the other poll says so */ }
}

// Shows the message at once, then posts it.
async function deliver(path, content, body) {
  const message = { id: 'pending-' + crypto.randomUUID(), tab, phone, mine: true, content, state: 'sending' };
  pending.push(message);
  render();
  say('');
  try {
    const form = body instanceof FormData;
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Accept-Language': language, ...(form ? {} : { 'Content-Type': 'application/json' }) },
      body: form ? body : JSON.stringify({ from: phone, ...body }),
    });
    await answer(response);
    message.id = (await response.json()).messageId;
    await poll();
  } catch (error) {
    message.state = 'failed';
    say(error instanceof TypeError ? t('unreachable') : `${t('failed')}: ${error.message}`);
    render();
  }
}

const whatsapp = (content, body) => deliver('/local/handset/whatsapp', content, body);

function choose(type, id, title, contextId) {
  $('sheet').close();
  return whatsapp({ type: 'text', text: { body: title } }, { type, choice: id, title, contextId });
}

function sendPlace(latitude, longitude, name, contextId) {
  $('sheet').close();
  return whatsapp({ type: 'location', location: { latitude, longitude, name } }, { type: 'location', location: { latitude, longitude, name }, contextId });
}

function sendFile(type, file) {
  if (!file) return;
  const form = new FormData();
  form.append('from', phone);
  form.append('type', type);
  const caption = type === 'image' ? $('text').value.trim() : '';
  if (caption) form.append('text', caption);
  form.append('file', file);
  if (caption) {
    $('text').value = '';
    grow();
  }
  whatsapp({ type, [type]: { preview: URL.createObjectURL(file), caption: caption || undefined } }, form);
}

function row(title, hint, action) {
  const button = make('button', '', title, hint ? make('small', '', hint) : null);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}

function openSheet(title, rows, coordinates) {
  $('sheet-title').textContent = title;
  $('sheet-rows').replaceChildren(...rows);
  $('coordinates').hidden = !coordinates;
  $('sheet').showModal();
}

function openList(message, interactive) {
  const rows = interactive.action.sections.flatMap(section => [
    ...(section.title ? [make('h3', '', section.title)] : []),
    ...section.rows.map(item => row(item.title, item.description, () => choose('list_reply', item.id, item.title, message.id))),
  ]);
  openSheet(interactive.action.button || t('choose'), rows, false);
}

let placeContext;
function openPlaces(contextId) {
  placeContext = contextId;
  const rows = places.map(place => row(place[language], null, () => sendPlace(place.latitude, place.longitude, place[language], contextId)));
  if (navigator.geolocation) {
    rows.unshift(row(t('here'), t('hereHint'), () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => sendPlace(coords.latitude, coords.longitude, undefined, contextId),
      () => { $('sheet').close(); say(t('noPlace')); })));
  }
  openSheet(t('where'), rows, true);
}

function grow() {
  const text = $('text');
  text.style.height = 'auto';
  text.style.height = Math.min(text.scrollHeight + 2, 120) + 'px';
  $('send').disabled = text.value.trim() === '';
}

function toggleMenu(open) {
  $('menu').hidden = !open;
  $('attach').setAttribute('aria-expanded', String(open));
}

function closePanel() {
  $('panel').classList.remove('open');
  $('open-panel').setAttribute('aria-expanded', 'false');
}

function select(name) {
  tab = name;
  for (const other of ['whatsapp', 'sms', 'phone']) {
    $('tab-' + other).setAttribute('aria-selected', String(other === name));
    $('tab-' + other).tabIndex = other === name ? 0 : -1;
  }
  $('attach').hidden = name === 'sms';
  $('thread').hidden = $('composer').hidden = name === 'phone';
  $('dial').hidden = name !== 'phone';
  toggleMenu(false);
  $('bar-note').textContent = t(notes[name]);
  showCall();
  renderBadges();
  render();
}

async function advance(button) {
  const buttons = [...$('advance').children];
  buttons.forEach(other => { other.disabled = true; });
  $('advance-note').textContent = t('moving');
  try {
    const response = await fetch('/local/clock', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
      body: JSON.stringify({ advance: button.dataset.advance }),
    });
    await answer(response);
    $('advance-note').textContent = t('moved');
  } catch (error) {
    $('advance-note').textContent = error.message;
  }
  buttons.forEach(other => { other.disabled = false; });
  await Promise.all([pollClock(), poll()]);
}

function start() {
  $('phone').value = phone;
  $('own').textContent = phone;
  translate();
  grow();
  render();

  $('language').addEventListener('click', () => {
    language = language === 'ar' ? 'en' : 'ar';
    remember('language', language);
    translate();
    render();
    pollClock();
  });
  $('phone').addEventListener('change', () => {
    const digits = $('phone').value.replace(/\D/g, '').replace(/^00/, '').replace(/^0(?=5\d{8}$)/, '966');
    const valid = digits.length >= 7 && digits.length <= 15;
    $('phone').setAttribute('aria-invalid', String(!valid));
    if (!valid) return say(t('numberBad'));
    say('');
    phone = '+' + digits;
    $('phone').value = phone;
    $('own').textContent = phone;
    remember('phone', phone);
    messages = { whatsapp: [], sms: [] };
    first = true;
    render();
    poll();
  });
  $('composer').addEventListener('submit', event => {
    event.preventDefault();
    const text = $('text').value.trim();
    if (!text) return;
    $('text').value = '';
    grow();
    if (tab === 'sms') deliver('/local/handset/sms', { text }, { text });
    else whatsapp({ type: 'text', text: { body: text } }, { type: 'text', text });
  });
  $('text').addEventListener('input', grow);
  $('text').addEventListener('keydown', event => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $('composer').requestSubmit();
    }
  });
  $('attach').addEventListener('click', () => toggleMenu($('menu').hidden));
  document.addEventListener('click', event => { if (!$('composer').contains(event.target)) toggleMenu(false); });
  document.addEventListener('keydown', event => { if (event.key === 'Escape') { toggleMenu(false); closePanel(); } });
  for (const [button, input, type] of [['pick-photo', 'photo-file', 'image'], ['pick-voice', 'voice-file', 'audio']]) {
    $(button).addEventListener('click', () => { toggleMenu(false); $(input).click(); });
    $(input).addEventListener('change', () => { sendFile(type, $(input).files[0]); $(input).value = ''; });
  }
  $('pick-place').addEventListener('click', () => { toggleMenu(false); openPlaces(); });
  $('coordinates').addEventListener('submit', event => {
    event.preventDefault();
    const [latitude, longitude] = [Number($('latitude').value), Number($('longitude').value)];
    if (Number.isFinite(latitude) && Number.isFinite(longitude)) sendPlace(latitude, longitude, undefined, placeContext);
  });
  $('sheet-close').addEventListener('click', () => $('sheet').close());
  $('sheet').addEventListener('click', event => { if (event.target === $('sheet')) $('sheet').close(); });
  const tabs = ['whatsapp', 'sms', 'phone'];
  for (const name of tabs) {
    $('tab-' + name).addEventListener('click', () => select(name));
    $('tab-' + name).addEventListener('keydown', event => {
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        const forward = (event.key === 'ArrowRight') === (document.documentElement.dir === 'ltr');
        select(tabs[(tabs.indexOf(tab) + (forward ? 1 : tabs.length - 1)) % tabs.length]);
        $('tab-' + tab).focus();
      }
    });
  }
  $('open-panel').addEventListener('click', () => {
    const open = $('panel').classList.toggle('open');
    $('open-panel').setAttribute('aria-expanded', String(open));
    if (open) $('phone').focus();
  });
  $('close-panel').addEventListener('click', closePanel);
  $('advance').addEventListener('click', event => { if (event.target.dataset.advance) advance(event.target); });

  poll();
  pollClock();
  setInterval(() => { if (!document.hidden) poll(); }, 1500);
  setInterval(() => { if (!document.hidden) pollClock(); }, 5000);
}

start();
