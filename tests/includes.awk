# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reads rooms.txt, foreign-headers.txt and then sources; says every include that breaks the plan, "KIND WHERE: WHAT".

# foreign-headers.txt knows one kind of pattern: a whole folder, as "openssl/*".
function owners(header,  folder) {
	if (header in rooms_of)
		return rooms_of[header]
	folder = header
	if (!sub(/\/.*$/, "/*", folder))
		return ""
	return (folder in rooms_of) ? rooms_of[folder] : ""
}

function has_word(list, word) {
	return index(" " list " ", " " word " ") > 0
}

# A header of src/ itself shows a whole room to those outside; its name is the room's.
function umbrella(header) {
	return header ~ /^(besign|app|ui)\.h$/ ? substr(header, 1, length(header) - 2) : ""
}

function room_of_file(path,  parts, n) {
	n = split(path, parts, "/")
	if (parts[1] == "screens")
		return "screens"
	if (n == 2)
		return parts[2] == "besign.c" ? "besign" : umbrella(parts[2])
	return parts[2]
}

function fault(kind, what) {
	print kind " " FILENAME ":" FNR ": " what
}

function may_know(room, other) {
	if (room == other)
		return 1
	return (room in only) ? has_word(only[room], other) : rank[other] < rank[room]
}

function look_at_ours(header,  other) {
	other = umbrella(header)
	if (other == "" && header !~ /\.\./ && header ~ /\//) {
		other = header
		sub(/\/.*$/, "", other)
	}
	if (!(other in rank)) {
		fault("form", "\"" header "\" does not begin with a room")
		return
	}
	if (!may_know(room, other))
		fault("arrow", room " includes \"" header "\", but " other " does not stand above it")
	knows[room, other] = 1
}

# Whatever rooms.txt allows, two rooms that reach each other are one room.
function say_cycles(  a, b, c) {
	for (b in rank)
		for (a in rank)
			for (c in rank)
				if (knows[a, b] && knows[b, c])
					knows[a, c] = 1
	for (a in rank)
		for (b in rank)
			if (rank[a] < rank[b] && knows[a, b] && knows[b, a])
				print "cycle src: " a " and " b " reach each other"
}

FNR == 1 {
	files++
	if (files > 2) {
		room = room_of_file(FILENAME)
		if (!(room in rank))
			fault("room", "'" room "' is not on the list of rooms")
	}
}

files <= 2 && (/^#/ || NF == 0) {
	next
}

files == 1 {
	rank[$1] = ++ranks
	if ($2 == ":") {
		only[$1] = $0
		sub(/^[^:]*: */, "", only[$1])
	}
	next
}

files == 2 {
	rooms = $0
	sub(/^[^:]*: */, "", rooms)
	for (i = 1; $i != ":" && i <= NF; i++)
		rooms_of[$i] = rooms
	next
}

/^[ \t]*#[ \t]*include[ \t]/ || /^[ \t]*#[ \t]*include["<]/ {
	ours = /include[ \t]*"/
	header = $0
	sub(/^[^"<]*["<]/, "", header)
	sub(/[">].*$/, "", header)
	allowed = owners(header)
	if (room == "screens") {
		if (ours ? !has_word("ui.h besign.h app.h screens.h screens.def", header) : allowed != "*")
			fault("screen", "\"" header "\" is not for screens")
	} else if (ours && allowed == "") {
		look_at_ours(header)
	} else if (allowed != "*" && !has_word(allowed, room)) {
		fault("foreign", room " includes <" header ">, which is for " (allowed == "" ? "no room" : allowed))
	}
}

END {
	say_cycles()
}
