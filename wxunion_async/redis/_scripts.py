"""
What runs inside Redis: each script is one atomic step, on Redis' own clock.

Every key of a script has the same hash tag, so a cluster takes them all. Answers are ASCII, whatever encoding the
client has been given.
"""

__all__ = ["COMPARE_AND_DELETE", "FURTHEST", "LEASE", "LOAD", "PAUSE", "PROBE", "SAVE", "TAKE"]

HORIZON = 0.3
"""Seconds: slots are handed out up to so far ahead."""

FURTHEST = 1.25 * HORIZON
"""Seconds: no slot is further away, since the last one may stand a little behind the horizon."""

EAGERNESS = 0.5
"""How fast whoever asks gains on the free room; so a process alone keeps two thirds of the horizon free."""

# ── token ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# The life that is left is Redis' own count, so that no wall clocks of two machines are ever compared. The token comes
# in hexadecimal digits: its bytes may be anybody's.
LOAD = """
local value = redis.call('GET', KEYS[1])
if not value then return false end
local digits = string.gsub(value, '.', function(c) return string.format('%02x', string.byte(c)) end)
return {digits, redis.call('PTTL', KEYS[1])}
"""

# Whoever fetched under a lease that is no longer his comes too late: another one may have fetched since.
SAVE = """
if ARGV[3] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
if redis.call('PTTL', KEYS[1]) <= tonumber(ARGV[2]) then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1
"""

# Whoever claims again with the same mark holds it already: the answer may have been lost on its way. A lease that has
# ended is not renewed, even if it is free.
LEASE = """
if ARGV[3] == 'claim' then redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

COMPARE_AND_DELETE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""

# ── limit ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# What is left of a pause never grows, so that it ends in time when the clock goes back; "span" beside "until" is what
# was left when somebody looked last.
_PAUSE_LEFT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function look(key)
  local pause = redis.call('HMGET', key, 'until', 'span')
  if not pause[1] then return 0 end
  return math.max(0, math.min(pause[1] - now, tonumber(pause[2])))
end
local function keep(key, left)
  redis.call('HSET', key, 'until', string.format('%.0f', now + left), 'span', string.format('%.0f', left))
end
"""

PAUSE = (
    _PAUSE_LEFT
    + """
local span = tonumber(ARGV[1])
if look(KEYS[1]) < span then
  keep(KEYS[1], span)
  redis.call('PEXPIRE', KEYS[1], math.ceil(span / 1000) + 1000)
end
return 1
"""
)

# A leaky bucket in permits: "level" is how full it is, "last" when that was so, "empty" when it was empty last, "gained"
# what anybody could gain on its free room so far, "holes" how many slots have come back a moment ago, and "limit" what it
# was kept by. A level above the burst are slots
# that lie ahead. The other fields are limits,
# "<permits a second> <burst>", and when each was asked with last, and processes that need a place, "#<name>"; all times
# are Redis' microseconds.
#
# ARGV: permits a second, burst; callers without a slot, slots wanted; what the asker has seen gained, credit; slots that come
# back and when the first of them was given out; the time of the last answer; the asker's name, if it needs a place.
# Answer: now, what is left of a pause; how many slots, the level below the first of them; permits a second and burst
# that count; what has been gained on the free room, credit; seconds until the next slot is near enough, and until most
# of the horizon is free; the asker's place.
TAKE = (
    _PAUSE_LEFT
    + f"local HORIZON, FURTHEST, EAGERNESS = {HORIZON}, {FURTHEST}, {EAGERNESS}"
    + """
local mine = ARGV[1] .. ' ' .. ARGV[2]
local leak, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local waiting, want = tonumber(ARGV[3]), tonumber(ARGV[4])
local seen, credit = tonumber(ARGV[5]), tonumber(ARGV[6])
local back, stamp, before = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local me, place = '#' .. ARGV[10], 0
local level, last, empty, gained, holes, limit = 0, false, now, 0, 0, false

-- The lowest limit of the last two seconds counts; of two that differ both ways, the lower part of each.
local state = redis.call('HGETALL', KEYS[1])
for i = 1, #state, 2 do
  local name, value = state[i], state[i + 1]
  if name == 'level' then level = tonumber(value)
  elseif name == 'last' then last = tonumber(value)
  elseif name == 'empty' then empty = tonumber(value)
  elseif name == 'holes' then holes = tonumber(value)
  elseif name == 'gained' then gained = tonumber(value)
  elseif name == 'limit' then limit = value
  elseif string.sub(name, 1, 1) == '#' then
    local age = now - tonumber(value)
    if age < 0 or age >= 10000000 then redis.call('HDEL', KEYS[1], name)
    elseif name < me then place = place + 1 end
  elseif name ~= mine then
    local rate, size = string.match(name, '^(%S+) (%S+)$')
    local age = now - tonumber(value)
    if rate and age >= 0 and age < 2000000 then
      leak, burst = math.min(leak, tonumber(rate)), math.min(burst, tonumber(size))
    else
      redis.call('HDEL', KEYS[1], name)
    end
  end
end

-- What everybody has gained on the free room: little while it is scarce, and without end as nothing is handed out.
local most_room = 1 + HORIZON * leak
local function gain(room, grown)
  local from = math.min(0.98, math.max(0, room / most_room))
  local to = math.min(0.98, math.max(0, (room + grown) / most_room))
  local beyond = math.max(0, math.min(grown, room + grown - 0.98 * most_room))
  return EAGERNESS * (most_room * (from - to - math.log((1 - to) / (1 - from))) + 49 * beyond)
end

-- A state older than what the asker has seen, or none, where it cannot have expired: it was lost with a server. All
-- that may have been handed out by it counts as handed out.
if (last or 0) < before and before <= now and now - before < 60000000 then level, empty = burst + HORIZON * leak, now
elseif last then
  -- A clock that goes back makes no time pass.
  local leaked = math.max(0, now - last) * leak / 1000000
  holes = math.max(0, holes - leaked / leak * burst / FURTHEST)
  gained = gained + gain(burst + HORIZON * leak - level, leaked)
  if leaked >= level then level, empty = 0, now else level = level - leaked end
end

-- Slots that come back leave holes, and others stand behind them: what is handed out instead comes closer to those. The
-- bucket has room for it as long as there are no more holes than its size at once. None of it is left of slots from
-- before the bucket was empty.
if stamp >= empty then
  back = math.max(0, math.min(back, math.floor(burst - holes)))
  level, holes = math.max(0, level - back), holes + back
end

-- Under another limit what was sent fills at most the new bucket; what lies ahead, at most the horizon.
local now_kept = string.format('%.9g %.0f', leak, burst)
if limit and limit ~= now_kept then
  local ahead = math.max(0, level - tonumber(string.match(limit, ' (%S+)$')))
  level = math.min(level, burst + math.min(ahead, HORIZON * leak))
end

local left, count, first = look(KEYS[2]), 0, level
local reach = math.min(FURTHEST, HORIZON + 1 / leak)
if left > 0 then
  keep(KEYS[2], left)
else
  -- Everybody gains at the same rate, however often he asks, so shares are even. What is there at once is for callers
  -- who wait for it, without regard to shares: then nobody is short of permits.
  local room = burst + HORIZON * leak - level
  local most_due = math.max(3, room)
  local due = credit + (seen < 0 and most_due or math.max(0, math.min(most_due, gained - seen)))
  local most = math.max(math.floor(due + 1e-6), math.min(waiting, math.floor(burst - level + 1e-6)))
  count = math.max(0, math.min(want, most, math.floor(burst + reach * leak - level + 1e-6)))
  level = level + count
  credit = math.min(3, math.max(0, due - count))
end

redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level), 'last', string.format('%.0f', now),
  'empty', string.format('%.0f', empty), 'gained', string.format('%.6f', gained), 'limit', now_kept,
  'holes', string.format('%.3f', holes),
  mine, string.format('%.0f', now))
if me ~= '#' then redis.call('HSET', KEYS[1], me, string.format('%.0f', now)) end
redis.call('PEXPIRE', KEYS[1], math.ceil(level / leak * 1000) + 61000)
return {string.format('%.0f', now), string.format('%.0f', left), tostring(count), string.format('%.6f', first),
  string.format('%.9g', leak), string.format('%.0f', burst), string.format('%.6f', gained),
  string.format('%.6f', credit), string.format('%.6f', math.max(0, (level + 1 - burst) / leak - reach)),
  string.format('%.6f', math.max(0, (level - burst - HORIZON * leak + 0.8 * most_room) / leak)), tostring(place)}
"""
)

# ── health ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# Every command that the other scripts use: a replica still reads, and a server without memory still deletes, so only
# this tells whether Redis can be used again. SET comes first: a script that has written something may go on to write.
PROBE = """
redis.call('SET', KEYS[1], '1', 'PX', 1000)
redis.call('TIME')
redis.call('GET', KEYS[1])
redis.call('PTTL', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'a', '1')
redis.call('HMGET', KEYS[1], 'a')
redis.call('HGETALL', KEYS[1])
redis.call('PEXPIRE', KEYS[1], 1000)
return redis.call('HDEL', KEYS[1], 'a')
"""
