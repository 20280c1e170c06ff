// Command pubsub serves pstest, the Pub/Sub fake of Google's Go client, on 127.0.0.1. It keeps everything in memory.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"path"
	"strings"

	pb "cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/v2/pstest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The service takes requests of 10 MB; what is around the message comes on top.
const maxRequestBytes = 11 << 20

// refusals are methods that answer with an error, as the service does where IAM does not allow them.
type refusals map[string]codes.Code

func (r refusals) String() string { return "" }

func (r refusals) Set(text string) error {
	method, name, _ := strings.Cut(text, "=")
	var code codes.Code
	if err := code.UnmarshalJSON([]byte(`"` + name + `"`)); err != nil {
		return err
	}
	r[method] = code
	return nil
}

func (r refusals) of(fullMethod string) error {
	method := path.Base(fullMethod)
	if code, refused := r[method]; refused {
		return status.Errorf(code, "%s is refused by order of the test", method)
	}
	return nil
}

func (r refusals) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	if err := r.of(info.FullMethod); err != nil {
		return nil, err
	}
	return handle(ctx, req)
}

func (r refusals) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	if err := r.of(info.FullMethod); err != nil {
		return err
	}
	return handle(srv, stream)
}

func main() {
	refused := refusals{}
	port := flag.Int("port", 8085, "port to listen on")
	flag.Var(refused, "refuse", "METHOD=CODE, like CreateTopic=PERMISSION_DENIED; may be repeated")
	flag.Parse()

	pstest.ResetMinAckDeadline()
	fake := pstest.NewServer() // its own listener stays unused: it takes 4 MB a request at most, and no interceptors
	defer fake.Close()

	server := grpc.NewServer(
		grpc.MaxRecvMsgSize(maxRequestBytes),
		grpc.ChainUnaryInterceptor(refused.unary),
		grpc.ChainStreamInterceptor(refused.stream),
	)
	pb.RegisterPublisherServer(server, &fake.GServer)
	pb.RegisterSubscriberServer(server, &fake.GServer)

	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.Serve(listener))
}
