// What the code names, as data. A test holds every list here against functions/App/Platform/Names.cs and the routes, both
// ways: a new table, container or setting is one new line. Queues are not here: the bus module reads the code's own
// functions/App/servicebus.json.

@export()
@description('Tags of every resource.')
type tagsType = {
  @description('The environment, as azd finds its resources.')
  'azd-env-name': string
}

@export()
@description('Tables of the data account.')
var tables = [
  'Board'
  'Conversations'
  'Directory'
  'Due'
  'Hints'
  'Kpis'
  'Links'
  'Nearby'
  'Notifications'
  'Reporters'
  'Reports'
]

@export()
@description('Blob containers of the data account that the app uses.')
var containers = [
  'media'
  'uploads'
]

@export()
@description('Settings whose value is a Key Vault secret. The secret is named as the setting, with -- for __.')
var vaultSettings = [
  'Email__InboundSecret'
  'Email__ServerToken'
  'EventGrid__WebhookSecret'
  'Links__SigningKey'
  'Messenger__AppSecret'
  'Messenger__PageAccessToken'
  'Messenger__VerifyToken'
  'Privacy__PhoneHashKey'
  'Voice__AuthToken'
  'WhatsApp__AccessToken'
  'WhatsApp__AppSecret'
  'WhatsApp__VerifyToken'
  'X__AccessToken'
  'X__AccessTokenSecret'
  'X__ConsumerKey'
  'X__ConsumerSecret'
]

@export()
@description('Secrets that the app runs without; a parameter names those that this city has. With Previous: the one before, while a provider changes over.')
type optionalSecretType =
  | 'Email__InboundSecretPrevious'
  | 'EventGrid__WebhookSecretPrevious'
  | 'Messenger__AppSecretPrevious'
  | 'Voice__AuthTokenPrevious'
  | 'WhatsApp__AppSecretPrevious'
  | 'X__ClientSecret'
  | 'X__ClientSecretPrevious'
  | 'X__ConsumerSecretPrevious'

@export()
@description('Settings that are a city\'s own and no secret; the parameter files give their values.')
type citySettingsType = {
  @description('NCRONTAB expression, in UTC, of the timer that finds what fell due.')
  @minLength(1)
  EscalationSchedule: string
  @description('Address of the provider that sends e-mail.')
  @minLength(1)
  Email__ApiBaseUri: string
  @description('Sender of e-mail, a verified address of that provider.')
  @minLength(1)
  Email__From: string
  @description('Where links in messages lead: the custom domain, https, ending in a slash.')
  @minLength(12)
  Links__PublicBaseUri: string
  @description('Address of map tiles with {z}, {x} and {y}; empty for a map of boundaries alone.')
  Map__Tiles: string
  @description('Graph API for the page.')
  @minLength(1)
  Messenger__GraphBaseUri: string
  @description('Meta\'s name of the tag under which news may go out after a day; empty for none.')
  Messenger__MessageTag: string
  @description('Id of the page.')
  @minLength(1)
  Messenger__PageId: string
  @description('Folder of the city\'s policy within the package.')
  @minLength(1)
  Policy__Directory: string
  @description('Requests a minute and caller address on the open routes, for each instance.')
  @minLength(1)
  RateLimit__PerMinute: string
  @description('NCRONTAB expression, in UTC, of the rebuild of what is derived from the reports.')
  @minLength(1)
  RebuildSchedule: string
  @description('NCRONTAB expression, in UTC, of the hourly look for what the first one missed.')
  @minLength(1)
  SecondLookSchedule: string
  @description('Number that texts come from, in E.164.')
  @minLength(3)
  @maxLength(16)
  Sms__From: string
  @description('Texts a minute that escalations may take of that number\'s rate: half of it.')
  @minLength(1)
  Sms__WavesPerMinute: string
  @description('NCRONTAB expression, in UTC, of the sweep for what a process left behind.')
  @minLength(1)
  SweepSchedule: string
  @description('Account at the telephony provider.')
  @minLength(1)
  Voice__AccountSid: string
  @description('Address of the telephony provider\'s API.')
  @minLength(1)
  Voice__ApiBaseUri: string
  @description('Number that calls come from, in E.164.')
  @minLength(3)
  @maxLength(16)
  Voice__From: string
  @description('Address under which the provider calls this app, as its signature covers it.')
  @minLength(12)
  Voice__PublicBaseUri: string
  @description('Languages whose prompts are recorded files, with commas between; empty for none.')
  Voice__Recorded: string
  @description('Where recorded prompts lie; empty for none.')
  Voice__RecordingsBaseUri: string
  @description('Voice and language code of each language that is spoken.')
  @minLength(1)
  Voice__Voices: string
  @description('Graph API, with its version.')
  @minLength(1)
  WhatsApp__GraphBaseUri: string
  @description('Id of the WhatsApp number.')
  @minLength(1)
  WhatsApp__PhoneNumberId: string
  @description('Id of the account on X.')
  @minLength(1)
  X__AccountId: string
  @description('Address of X\'s API.')
  @minLength(1)
  X__ApiBaseUri: string
}

@export()
@description('Paths that nobody signs in for, as App Service Authentication excludes them. Everything else is for staff; and the app itself refuses a staff route without a principal, whatever stands here.')
var publicPaths = [
  '/'
  '/api/agencies/answers/*'
  '/api/channels/email'
  '/api/channels/messenger'
  '/api/channels/sms'
  '/api/channels/voice/*'
  '/api/channels/whatsapp'
  '/api/channels/x'
  '/api/city'
  '/api/followers'
  '/api/health'
  '/api/insights/bulletin'
  '/api/insights/kpis'
  '/api/reports'
  '/api/reports/*'
  '/assets/*'
  '/f/*'
  '/manifest.webmanifest'
  '/r/*'
  '/s/*'
  '/staff'
  '/sw.js'
]
