from django.urls import path

from portal.mail import views

urlpatterns = [path("mail/", views.mail, name="mail")]
