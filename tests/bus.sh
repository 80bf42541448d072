# SPDX-License-Identifier: GPL-3.0-or-later
#
# A system bus of a test's own, in the current directory. Read by ". $TOP/tests/bus.sh" after tap.sh; what is started is
# put into $started, which the test ends.
started=

# until_true COMMAND...: within ten seconds.
until_true() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.05
	done
}

# As Debian's, but for what is installed there: everything is denied that no line allows.
start_bus() {
	cat >bus.conf <<X
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
	<type>system</type>
	<listen>unix:path=$PWD/bus</listen>
	<policy context="default">
		<allow user="*"/>
		<deny own="*"/>
		<deny send_type="method_call"/>
		<allow send_type="signal"/>
		<allow send_requested_reply="true" send_type="method_return"/>
		<allow send_requested_reply="true" send_type="error"/>
		<allow receive_type="method_call"/>
		<allow receive_type="method_return"/>
		<allow receive_type="error"/>
		<allow receive_type="signal"/>
		<allow send_destination="org.freedesktop.DBus"/>
		<allow send_destination="net.reactivated.Fprint"/>
		<allow send_destination="org.freedesktop.PolicyKit1"/>
	</policy>
	<policy user="root">
		<allow own="net.reactivated.Fprint"/>
		<allow own="org.freedesktop.PolicyKit1"/>
	</policy>
	<include>$TOP/contrib/besign.Unlock1.conf</include>
</busconfig>
X
	export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$PWD/bus"
	dbus-daemon --config-file=bus.conf --nofork --nopidfile >bus.txt 2>&1 &
	started="$started $!"
	until_true [ -S bus ]
}
