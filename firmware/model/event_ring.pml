/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Event ring, arm word, loss and reset (docs/hardware.md, section 9): whatever the order
 * of their steps, a host that has gone to sleep has seen everything that was completed.
 *
 * Device: event.c, event_publish(). Host: what the manual asks of a driver. Suspend and
 * resume are a reset to this protocol: the device loses its numbers, the host clears
 * the ring before it starts the device again.
 *
 * The defines break one rule each; the check requires that the model notices.
 */
#define ENTRIES	2	/* of the ring; the real 1024 only make the state space larger */
#define JOBS	7	/* completions; the phase comes round once and a half */
#define RESETS	2

#define VALID(number)	(phase[(number) % ENTRIES] == 1 + ((number) / ENTRIES) % 2)

/* Written by the device. */
byte completed;		/* what the events are about */
byte phase[ENTRIES];
byte lost;
bool irq;

/* Written by the host. */
byte arm;
bool running;		/* the device is out of reset */
bool reset_wanted;

/* The host's own. */
byte seen;		/* completions it knows of */
bool asleep;

active proctype device()
{
	byte next, known_arm, number;

stopped:
	running -> next = 0; known_arm = 0;
	{
		do
		:: completed < JOBS ->
			completed++;
#ifdef STALE_ARM
			known_arm = arm;
#endif
			if
			:: next - known_arm >= ENTRIES ->
#ifndef STALE_ARM
				known_arm = arm
#endif
			:: else
			fi;
			if
			:: next - known_arm >= ENTRIES ->
				lost++;
#ifndef SILENT_LOSS
				irq = true
#endif
			:: else ->
				number = next;
#ifdef RAISE_FIRST
				if
				:: arm == number -> irq = true
				:: else
				fi;
#endif
				phase[number % ENTRIES] = 1 + (number / ENTRIES) % 2;
				next = number + 1;
#ifndef STALE_ARM
				known_arm = arm;
#endif
#ifndef RAISE_FIRST
				if
				:: known_arm == number -> irq = true
				:: else
				fi
#endif
			fi
		od
	} unless { reset_wanted };
	running = false;
	goto stopped
}

active proctype host()
{
	byte next, known_lost, resets, i;

start:
	next = 0;
	known_lost = 0;
#ifndef DIRTY_RING
	i = 0;
	do
	:: i < ENTRIES -> phase[i] = 0; i++
	:: else -> break
	od;
	lost = 0;
#endif
	arm = 0;
	/* What was completed before the reset is in the completion pages. */
	seen = completed;
	reset_wanted = false;
	running = true;
awake:
	do
	:: VALID(next) -> next++; seen = completed
	:: else -> break
	od;
	if
	:: lost != known_lost -> known_lost = lost; seen = completed
	:: else
	fi;
	arm = next;
#ifndef NO_SECOND_LOOK
	if
	:: VALID(next) || lost != known_lost -> goto awake
	:: else
	fi;
#endif
	asleep = true;
	if
	:: irq -> irq = false; asleep = false; goto awake
	:: resets < RESETS ->
		resets++;
		asleep = false;
		reset_wanted = true;
		!running -> goto start
	fi
}

/* Nothing can move any more: all jobs are done and nothing wakes the host. */
active proctype observer()
{
	timeout -> assert(asleep && completed == JOBS && seen == completed)
}
